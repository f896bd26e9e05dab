import ControlProtocol
import Vocabulary

/// The table of sessions.
enum SessionsView {
  /// Draws the heading and the rows, or says why there are none.
  static func draw(_ context: ScreenContext, _ layout: Layout, into canvas: inout Canvas) {
    var columns = SessionColumn.fitting(
      context.table.columns, columns: canvas.columns, sort: context.table.sort)
    if context.table.show == .closed, !context.table.columns.tellsEndings,
      let path = columns.firstIndex(where: { $0.key == .path })
    {
      // How they ended wants the room.
      columns[path].width = min(columns[path].width, max(10, (canvas.columns - 60) / 3))
    }
    let position = context.table.position
    let end = min(position.top + max(layout.bodyRows, 0), context.picture.sessionCount)
    let visible = position.top < end ? position.top..<end : 0..<0
    SessionColumn.spare(
      &columns, for: visible.compactMap { context.picture.row(at: $0) }, in: context)
    if layout.hasHeading {
      drawHeading(context, columns, row: layout.contentTop, into: &canvas)
    }
    if let lines = emptyText(context) {
      for (index, line) in lines.prefix(layout.bodyRows).enumerated() {
        canvas.put(line, row: layout.bodyTop + index, column: 2)
      }
      return
    }
    for index in visible {
      let row = layout.bodyTop + index - position.top
      if let session = context.picture.row(at: index) {
        // The cursor is where its session is, also while the list has yet to be looked through.
        let isCursor = context.table.cursor.map { $0 == session.id } ?? (index == position.cursor)
        drawRow(session, isCursor: isCursor, context, columns, row: row, into: &canvas)
        canvas.add(.row(index), row: row, columns: 0..<canvas.columns)
      } else {
        // Asked for, and on its way.
        canvas.put(
          index == position.cursor ? "▸   …" : "    …", row: row, column: 0, style: .dim)
      }
    }
  }

  private static func drawHeading(
    _ context: ScreenContext, _ columns: [SessionColumn], row: Int, into canvas: inout Canvas
  ) {
    canvas.fill(row: row, columns: 0..<canvas.columns, style: .heading)
    var at = SessionColumn.markColumns
    for column in columns {
      if context.table.show == .closed, column.isOfLiveAlone,
        !context.table.columns.tellsEndings
      {
        canvas.put(
          EndingText.heading(columns: canvas.columns - at), row: row, column: at, style: .heading)
        return
      }
      var heading = column.heading
      if column.key == context.table.sort { heading += context.table.isDescending ? "▼" : "▲" }
      canvas.put(
        DisplayWidth.padded(heading, to: column.width, right: column.isNumber), row: row,
        column: at, style: .heading)
      canvas.add(.sort(column.key), row: row, columns: at..<(at + column.width))
      at += column.width + 1
    }
  }

  private static func drawRow(
    _ session: SessionRow, isCursor: Bool, _ context: ScreenContext, _ columns: [SessionColumn],
    row: Int,
    into canvas: inout Canvas
  ) {
    let isMarked = context.table.marks.contains(session.id)
    if isCursor { canvas.put("▸", row: row, column: 0) }
    if isMarked { canvas.put("●", row: row, column: 1, style: .marked) }
    switch session.state {
    case .open:
      if session.throttled { canvas.put("‖", row: row, column: 2, style: .warning) }
    case .opening: canvas.put("◌", row: row, column: 2, style: .dim)
    case .closing, .closed: canvas.put("✕", row: row, column: 2, style: .warning)
    }
    var at = SessionColumn.markColumns
    let isPlain = session.state == .open
    for column in columns {
      if session.state == .closed, column.isOfLiveAlone, !context.table.columns.tellsEndings {
        canvas.put(
          EndingText.line(of: session, columns: canvas.columns - at, in: context), row: row,
          column: at)
        break
      }
      let text = DisplayWidth.padded(
        column.text(of: session, in: context), to: column.width, right: column.isNumber)
      let style = isMarked ? .marked : isPlain ? column.style(of: session) : .dim
      canvas.put(text, row: row, column: at, style: style, limit: column.width)
      at += column.width + 1
    }
    if isCursor { canvas.restyle(row: row, columns: 0..<canvas.columns, style: .selection) }
  }

  /// What stands in place of the rows; nil if there are some.
  private static func emptyText(_ context: ScreenContext) -> [StyledText]? {
    let filter = context.dialog?.draftFilter ?? context.table.filter
    if let error = context.picture.filterError, context.dialog?.draftFilter == nil {
      return FilterErrorText.lines(error, filter: filter, in: context)
    }
    guard let list = context.picture.sessions else { return [StyledText("loading…", .dim)] }
    guard list.total <= 0 else { return nil }
    if !filter.isEmpty {
      return [
        StyledText("no session matches ").with(context.shown(filter), .warning),
        StyledText("Esc clears the filter", .dim),
      ]
    }
    if context.table.show == .closed { return [StyledText("no session has closed yet")] }
    var lines = [StyledText("no sessions yet"), StyledText()]
    let listeners = context.picture.statistics?.engine.listeners ?? []
    lines += listeners.map { StyledText("listening on ").with(context.shown($0), .accent) }
    if let command = TryText.command(for: context) {
      lines += [StyledText(), StyledText("try  ").with(command, .key)]
    }
    return lines
  }
}
