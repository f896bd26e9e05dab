import ControlProtocol
import Vocabulary

extension SessionsScreen {
  package func draw(into canvas: inout Canvas, _ layout: Layout, in context: ScreenContext) {
    guard let groups, context.latest.filterError == nil else {
      let columns = FittedColumns.of(table, in: context, before: fitted).columns
      SessionsView(table: table, columns: columns, context: context).draw(layout, into: &canvas)
      return
    }
    GroupView(groups: groups, context: context).draw(layout, into: &canvas)
  }

  package func arrangement(columns: Int, in context: ScreenContext) -> StyledText {
    var text = pastTitle(in: context)
    if let groups, let field = groups.by {
      text.append("by \(field.noun)  ", .accent)
      text.runs += groups.sorting.runs
      if let list = groups.list, list.leftOutSessions > 0 {
        let count = QuantityText.readableCount(list.leftOutSessions)
        text.append("  \(count) sessions in more groups", .warning)
      }
      text.append(table.filter.isEmpty ? "" : "  ")
      text.append(filter: table.filter, named: "filter", columns: columns, in: context)
      return text
    }
    if table.isPlain, table.columns.rates == .totals { return text }
    if table.columns.rates != .totals { text.append("rates  ", .live) }
    if table.show != .live { text.append("\(table.show.rawValue)  ", .warning) }
    text.append("sort ", .dim)
    text.append("\(table.sort.rawValue) \(table.isDescending ? "▼" : "▲")")
    text.append(table.filter.isEmpty ? "" : "  ")
    text.append(filter: table.filter, named: "filter", columns: columns, in: context)
    return text
  }

  package func extent(in context: ScreenContext) -> ListExtent? {
    if let groups { return groups.extent(in: context) }
    guard context.latest.sessions != nil else { return nil }
    let filter = context.dialog?.draftFilter ?? table.filter
    let isFiltered = !filter.allSatisfy(\.isWhitespace)
    return ListExtent(
      top: table.position.top, visible: Layout(context).bodyRows,
      count: context.latest.sessionCount,
      total: isFiltered && table.show == .live ? context.latest.statistics?.sessions.open : nil)
  }

  /// How many sessions are marked, where the cursor's row is if it has moved out of the visible
  /// part, and whether the table follows it.
  package func status(in context: ScreenContext, _ layout: Layout) -> StyledText {
    var text = StyledText()
    if !table.marks.isEmpty {
      text.append("  \(QuantityText.readableCount(table.marks.count)) marked", .marked)
      let hidden = table.marks.count - visibleMarkCount(in: context, layout)
      if context.screen == .sessions, hidden > 0 {
        text.append(", \(QuantityText.readableCount(hidden)) not in view", .warning)
      }
    }
    if context.screen == .sessions, context.pages.isEmpty, context.dialog == nil, groups == nil,
      let id = table.cursor, context.latest.sessionCount > 0,
      !table.showsCursor(visible: layout.bodyRows)
    {
      let place = table.position.cursor < table.position.top ? "▲" : "▼"
      text.append("  \(id) is \(place)", .warning)
    }
    if table.isFollowing, groups == nil { text.append("  following", .accent) }
    return text
  }
}

extension SessionsScreen {
  /// How many of the visible rows are marked.
  private func visibleMarkCount(in context: ScreenContext, _ layout: Layout) -> Int {
    let top = table.position.top
    return (top..<(top + max(layout.bodyRows, 0)))
      .count { index in context.latest.row(at: index).map { table.marks.contains($0.id) } ?? false }
  }
}

extension SessionTable {
  /// The indices of the visible rows.
  func visibleRows(in context: ScreenContext, _ layout: Layout) -> Range<Int> {
    let end = min(position.top + max(layout.bodyRows, 0), context.latest.sessionCount)
    return position.top < end ? position.top..<end : 0..<0
  }

  /// Whether all live sessions are shown in the order they came.
  fileprivate var isPlain: Bool {
    sort == .id && !isDescending && filter.isEmpty && show == .live
  }
}

/// The table of sessions as it is drawn.
private struct SessionsView {
  var table: SessionTable
  var columns: [SessionColumn]
  var context: ScreenContext

  /// Draws the heading and the rows, or says why there are none.
  func draw(_ layout: Layout, into canvas: inout Canvas) {
    if layout.hasHeading { drawHeading(row: layout.contentTop, into: &canvas) }
    if let lines = emptyText {
      for (index, line) in lines.prefix(layout.bodyRows).enumerated() {
        canvas.put(line, row: layout.bodyTop + index, column: 2)
      }
      return
    }
    for index in table.visibleRows(in: context, layout) {
      let row = layout.bodyTop + index - table.position.top
      if let session = context.latest.row(at: index) {
        // The cursor is where its session is, also while the list has yet to be looked through.
        let isCursor = table.cursor.map { $0 == session.id } ?? (index == table.position.cursor)
        drawRow(session, isCursor: isCursor, row: row, into: &canvas)
        canvas.add(.row(index), row: row, columns: 0..<canvas.columns)
      } else {
        // Asked for, and on its way.
        canvas.put(
          index == table.position.cursor ? "▸   …" : "    …", row: row, column: 0, style: .dim)
      }
    }
  }

  private func drawHeading(row: Int, into canvas: inout Canvas) {
    canvas.fill(row: row, columns: 0..<canvas.columns, style: .heading)
    var at = SessionColumn.markColumns
    for column in columns {
      if table.show == .closed, column.isOfLiveAlone,
        !table.columns.tellsEndings
      {
        canvas.put(
          EndingText.heading(columns: canvas.columns - at), row: row, column: at, style: .heading)
        return
      }
      var heading = column.heading
      if column.key == table.sort { heading += table.isDescending ? "▼" : "▲" }
      canvas.put(
        DisplayWidth.padded(heading, to: column.width, right: column.isNumber), row: row,
        column: at, style: .heading)
      if let index = SessionField.columns.firstIndex(of: column.key) {
        canvas.add(.heading(index), row: row, columns: at..<(at + column.width))
      }
      at += column.width + 1
    }
  }

  private func drawRow(
    _ session: SessionRow, isCursor: Bool, row: Int, into canvas: inout Canvas
  ) {
    let isMarked = table.marks.contains(session.id)
    let isHighlighted = context.setup.marks.match(
      session, now: context.latest.statistics?.now ?? 0)
    if isCursor { canvas.put("▸", row: row, column: 0) }
    if isMarked {
      canvas.put("●", row: row, column: 1, style: .marked)
    } else if isHighlighted {
      canvas.put("!", row: row, column: 1, style: .warning)
    }
    switch session.state {
    case .open:
      if session.throttled { canvas.put("‖", row: row, column: 2, style: .warning) }
    case .opening: canvas.put("◌", row: row, column: 2, style: .dim)
    case .closing, .closed: canvas.put("✕", row: row, column: 2, style: .warning)
    }
    var at = SessionColumn.markColumns
    let isPlain = session.state == .open
    for column in columns {
      if session.state == .closed, column.isOfLiveAlone, !table.columns.tellsEndings {
        canvas.put(
          EndingText.line(of: session, columns: canvas.columns - at, in: context), row: row,
          column: at)
        break
      }
      let text = column.cell(of: session, in: context)
      let style: Style =
        isMarked ? .marked : isHighlighted ? .warning : isPlain ? column.style(of: session) : .dim
      canvas.put(text, row: row, column: at, style: style, limit: column.width)
      at += column.width + 1
    }
    if isCursor { canvas.restyle(row: row, columns: 0..<canvas.columns, style: .selection) }
  }

  /// The lines in place of the rows; nil if there are rows.
  private var emptyText: [StyledText]? {
    let filter = context.dialog?.draftFilter ?? table.filter
    if let error = context.latest.filterError, context.dialog?.draftFilter == nil {
      return FilterErrorText.lines(error, filter: filter, in: context)
    }
    guard let list = context.latest.sessions else { return [StyledText("loading…", .dim)] }
    guard list.total <= 0 else { return nil }
    if !filter.isEmpty {
      return [
        StyledText("no session matches ").with(context.shown(filter), .warning),
        StyledText(
          "Esc clears the filter, \(context.keyLabel(.filter)) changes it"
            + (table.show == .live
              ? "; \(context.keyLabel(.cycleSelection)) shows those that were closed lately" : ""),
          .dim),
      ]
    }
    if table.show == .closed {
      return [
        StyledText("no session has closed yet"),
        StyledText("\(context.keyLabel(.cycleSelection)) shows live ones", .dim),
      ]
    }
    var lines = [StyledText("no sessions yet"), StyledText()]
    let listeners = context.latest.statistics?.engine.listeners ?? []
    lines += listeners.map { StyledText("listening on ").with(context.shown($0), .accent) }
    if let command = TryText.command(for: context) {
      lines += [StyledText(), StyledText("try  ").with(command, .key)]
    }
    return lines
  }
}
