import ControlProtocol
import Vocabulary

/// The table of sessions.
enum SessionsView {
  /// Draws the heading and the rows, or says why there are none.
  static func draw(_ model: Model, _ layout: Layout, into canvas: inout Canvas) {
    var columns = SessionColumn.fitting(
      model.table.columns, columns: canvas.columns, sort: model.table.sort)
    if model.table.show == .closed, !model.table.columns.tellsEndings,
      let path = columns.firstIndex(where: { $0.key == .path })
    {
      // How they ended wants the room.
      columns[path].width = min(columns[path].width, max(10, (canvas.columns - 60) / 3))
    }
    let position = model.table.position
    let end = min(position.top + max(layout.bodyRows, 0), model.picture.sessionCount)
    let visible = position.top < end ? position.top..<end : 0..<0
    SessionColumn.spare(
      &columns, for: visible.compactMap { model.picture.row(at: $0) }, in: model)
    if layout.hasHeading {
      drawHeading(model, columns, row: layout.contentTop, into: &canvas)
    }
    if let lines = emptyText(model) {
      for (index, line) in lines.prefix(layout.bodyRows).enumerated() {
        canvas.put(line, row: layout.bodyTop + index, column: 2)
      }
      return
    }
    for index in visible {
      let row = layout.bodyTop + index - position.top
      if let session = model.picture.row(at: index) {
        // The cursor is where its session is, also while the list has yet to be looked through.
        let isCursor = model.table.cursor.map { $0 == session.id } ?? (index == position.cursor)
        drawRow(session, isCursor: isCursor, model, columns, row: row, into: &canvas)
        canvas.add(.row(index), row: row, columns: 0..<canvas.columns)
      } else {
        // Asked for, and on its way.
        canvas.put(
          index == position.cursor ? "▸   …" : "    …", row: row, column: 0, style: .dim)
      }
    }
  }

  private static func drawHeading(
    _ model: Model, _ columns: [SessionColumn], row: Int, into canvas: inout Canvas
  ) {
    canvas.fill(row: row, columns: 0..<canvas.columns, style: .heading)
    var at = SessionColumn.markColumns
    for column in columns {
      if model.table.show == .closed, column.isOfLiveAlone,
        !model.table.columns.tellsEndings
      {
        canvas.put(
          EndingText.heading(columns: canvas.columns - at), row: row, column: at, style: .heading)
        return
      }
      var heading = column.heading
      if column.key == model.table.sort { heading += model.table.isDescending ? "▼" : "▲" }
      canvas.put(
        DisplayWidth.padded(heading, to: column.width, right: column.isNumber), row: row,
        column: at, style: .heading)
      canvas.add(.sort(column.key), row: row, columns: at..<(at + column.width))
      at += column.width + 1
    }
  }

  private static func drawRow(
    _ session: SessionRow, isCursor: Bool, _ model: Model, _ columns: [SessionColumn], row: Int,
    into canvas: inout Canvas
  ) {
    let isMarked = model.table.marks.contains(session.id)
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
      if session.state == .closed, column.isOfLiveAlone, !model.table.columns.tellsEndings {
        canvas.put(
          EndingText.line(of: session, columns: canvas.columns - at, in: model), row: row,
          column: at)
        break
      }
      let text = DisplayWidth.padded(
        column.text(of: session, in: model), to: column.width, right: column.isNumber)
      let style = isMarked ? .marked : isPlain ? column.style(of: session) : .dim
      canvas.put(text, row: row, column: at, style: style, limit: column.width)
      at += column.width + 1
    }
    if isCursor { canvas.restyle(row: row, columns: 0..<canvas.columns, style: .selection) }
  }

  /// What stands in place of the rows; nil if there are some.
  private static func emptyText(_ model: Model) -> [StyledText]? {
    let filter = model.dialog?.draftFilter ?? model.table.filter
    if let error = model.picture.filterError, model.dialog?.draftFilter == nil {
      return FilterErrorText.lines(error, filter: filter, in: model)
    }
    guard let list = model.picture.sessions else { return [StyledText("loading…", .dim)] }
    guard list.total <= 0 else { return nil }
    if !filter.isEmpty {
      return [
        StyledText("no session matches ").with(model.shown(filter), .warning),
        StyledText("Esc clears the filter", .dim),
      ]
    }
    if model.table.show == .closed { return [StyledText("no session has closed yet")] }
    var lines = [StyledText("no sessions yet"), StyledText()]
    let listeners = model.picture.statistics?.engine.listeners ?? []
    lines += listeners.map { StyledText("listening on ").with(model.shown($0), .accent) }
    if let command = TryText.command(for: model) {
      lines += [StyledText(), StyledText("try  ").with(command, .key)]
    }
    return lines
  }
}
