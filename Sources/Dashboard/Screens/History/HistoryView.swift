import ControlProtocol
import Vocabulary

extension HistoryScreen {
  package func extent(in context: ScreenContext) -> ListExtent? {
    ListExtent(
      top: position.top, visible: Layout(context).bodyRows, count: entries.count,
      hasMore: next != nil)
  }

  package func draw(into canvas: inout Canvas, _ layout: Layout, in context: ScreenContext) {
    HistoryView(screen: self, context: context).draw(layout, into: &canvas)
  }

  package func arrangement(columns: Int, in context: ScreenContext) -> StyledText {
    var text = StyledText()
    if kinds != .all { text.append(kinds.title + "  ", .warning) }
    text.append(filter: filter, named: "filter", columns: columns, in: context)
    return text
  }
}

/// The drawing of the list of the history.
private struct HistoryView {
  var screen: HistoryScreen
  var context: ScreenContext

  /// Draws the heading and the entries around the cursor, or why there are none.
  func draw(_ layout: Layout, into canvas: inout Canvas) {
    if layout.hasHeading {
      canvas.fill(row: layout.contentTop, columns: 0..<canvas.columns, style: .heading)
      canvas.put(
        StyledText("TIME            KIND     WHAT HAPPENED, BY WHOM", .heading),
        right: StyledText(count, .heading), row: layout.contentTop)
    }
    if let lines = emptyText {
      for (index, line) in lines.prefix(max(layout.bodyRows, 0)).enumerated() {
        canvas.put(line, row: layout.bodyTop + index, column: 2)
      }
      return
    }
    let position = screen.position
    let shown = screen.entries.enumerated().dropFirst(position.top)
      .prefix(max(layout.bodyRows, 0))
    for (index, entry) in shown {
      let row = layout.bodyTop + index - position.top
      canvas.add(.row(index), row: row, columns: 0..<canvas.columns)
      if index == position.cursor { canvas.put("▸", row: row, column: 0) }
      canvas.put(
        line(of: entry, columns: canvas.columns - 1), row: row, column: 1)
      if index == position.cursor {
        canvas.restyle(row: row, columns: 0..<canvas.columns, style: .selection)
      }
    }
  }

  /// One entry on one line.
  private func line(of entry: HistoryEntry, columns: Int) -> StyledText {
    var line = StyledText(
      HumanText.dayAndTime(entry.at, context.setup.localTime) + "  ", .dim)
    line.append(
      DisplayWidth.padded(entry.kind.rawValue, to: 8) + " ",
      entry.kind == .problem ? .danger : .accent)
    guard let row = entry.session, let ending = row.ending else {
      line.append(context.shown(entry.message ?? ""))
      if let actor = entry.actor { line.append("  by " + context.shown(actor), .dim) }
      return line.fitted(to: columns)
    }
    line.append("\(row.id)  ", .accent)
    let isNormal = ending.code == .normalClosure || ending.code == .goingAway
    line.append("\(ending.code.rawValue)", isNormal ? .normal : .warning)
    line.append(" by \(context.shown(ending.byWhom))")
    var rest = StyledText("  " + context.shown(SessionColumn.address(of: row)), .dim)
    rest.append("  after \(HumanText.duration(row.age(now: ending.at)))", .dim)
    rest.append("  in \(amount(row.messagesIn, row.bytesIn))", .dim)
    rest.append(", out \(amount(row.messagesOut, row.bytesOut))", .dim)
    if !ending.reason.isEmpty { rest.append("  \"\(context.shown(ending.reason))\"", .dim) }
    // `room` is a quarter of the line, or all that the rest of it leaves.
    let room = max(columns / 4, 10, columns - line.width - 2 - rest.width)
    line.append("  " + DisplayWidth.fitted(context.shown(row.decodedPath), to: room))
    line.runs += rest.runs
    return line.fitted(to: columns)
  }

  private func amount(_ messages: Int, _ bytes: Int) -> String {
    "\(QuantityText.shortCount(messages)) msg \(QuantityText.readableBytes(bytes))"
  }

  /// The number of entries, as far as it is known.
  private var count: String {
    let place = screen.store == .memory ? "in memory  " : ""
    let number = QuantityText.readableCount(screen.entries.count)
    if screen.next == nil { return screen.entries.isEmpty ? place : "\(place)\(number)" }
    let isFull = screen.entries.count >= HistoryScreen.maximumCount
    return "\(place)\(number) and older" + (isFull ? " ones: filter" : "")
  }

  /// The text in place of the entries; nil if there are some.
  private var emptyText: [StyledText]? {
    guard screen.entries.isEmpty else { return nil }
    if let error = screen.error { return [StyledText(context.shown(error.message), .danger)] }
    if screen.awaited != nil || screen.storedCount == nil {
      guard let next = screen.next else { return [StyledText("loading…", .dim)] }
      let day = HumanText.dayAndTime(next.at, context.setup.localTime)
      return [StyledText("searching, back to \(day)…", .dim)]
    }
    if !screen.filter.isEmpty {
      return [
        StyledText("nothing in the history matches ").with(
          context.shown(screen.filter), .warning),
        StyledText("Esc clears the filter, \(context.keyLabel(.filter)) changes it", .dim),
      ]
    }
    return [StyledText("nothing is over yet", .dim)]
      + (screen.kinds == .all
        ? [] : [StyledText("\(context.keyLabel(.cycleSelection)) shows other kinds", .dim)])
  }
}
