import ControlProtocol
import Vocabulary

extension ClosesScreen {
  package func extent(in context: ScreenContext) -> ListExtent? {
    ListExtent(
      top: position.top, visible: Layout(context).bodyRows, count: lines(in: context).count)
  }

  package func draw(into canvas: inout Canvas, _ layout: Layout, in context: ScreenContext) {
    ClosesView(screen: self, context: context).draw(into: &canvas, layout)
  }

  package func arrangement(columns: Int, in context: ScreenContext) -> StyledText {
    let words = seconds.map { "in the last " + HumanText.duration(Double($0)) }
    return StyledText("counted ", .dim)
      .with(words ?? "since the start", words == nil ? .normal : .warning)
  }
}

/// The drawing of the matrix of closes and the refused handshakes.
private struct ClosesView {
  var screen: ClosesScreen
  var context: ScreenContext

  /// Draws heading, matrix and refusals; without room for all, the lines around the cursor.
  func draw(into canvas: inout Canvas, _ layout: Layout) {
    let lines = screen.lines(in: context)
    if layout.hasHeading { drawHeading(lines, row: layout.contentTop, into: &canvas) }
    if lines.isEmpty {
      canvas.put("no session has closed yet", row: layout.bodyTop, column: 1, style: .dim)
      return
    }
    let cells = cells
    let top = screen.position.top
    let cursor = screen.cursor(in: lines)
    for (index, line) in lines.enumerated().dropFirst(top).prefix(max(layout.bodyRows, 0)) {
      let row = layout.bodyTop + index - top
      draw(line, row: row, into: &canvas)
      canvas.add(.row(index), row: row, columns: 0..<canvas.columns)
      if line.hasCounts {
        for (column, cell) in cells.enumerated() {
          canvas.add(.cell(row: index, column: column), row: row, columns: cell.columns)
        }
      }
      guard index == cursor else { continue }
      canvas.put("▸", row: row, column: 0)
      if line.hasCounts, cells.indices.contains(screen.column) {
        canvas.restyle(row: row, columns: cells[screen.column].columns, style: .selection)
      }
    }
  }

  private func drawHeading(_ lines: [ClosesScreen.Line], row: Int, into canvas: inout Canvas) {
    canvas.fill(row: row, columns: 0..<canvas.columns, style: .heading)
    canvas.put(heading, row: row, column: 1, style: .heading)
    for (column, cell) in cells.enumerated() {
      canvas.put(
        DisplayWidth.padded(cell.title, to: cell.width, right: true), row: row,
        column: cell.start, style: .heading)
      if column == screen.column, !lines.isEmpty {
        canvas.restyle(row: row, columns: cell.columns, style: .activeTab)
      }
    }
  }

  /// A column of counts.
  private struct Cell {
    var title: String
    var start: Int
    var width: Int
    var columns: Range<Int> { start..<(start + width) }
  }

  /// The columns of the sum and the initiators.
  ///
  /// Without room for all, initiators are left out from the left, as far as the one with the cursor
  /// needs it, and those on the right that would be cut.
  private var cells: [Cell] {
    let sum = Cell(title: "TOTAL", start: hasNames ? 30 : 6, width: hasNames ? 12 : 6)
    let titles = ClosesScreen.kinds.map(\.rawValue)
    let widths = titles.map { hasNames ? 9 : $0.utf8.count }
    let begin = sum.columns.upperBound + (hasNames ? 8 : 6)
    var first = 0
    while first < screen.column - 1,
      begin + widths[first..<screen.column].reduce(-1, { $0 + $1 + 1 }) > context.columns
    { first += 1 }
    var start = begin
    return [sum]
      + titles.indices.map { index in
        let isShown = index >= first && start + widths[index] <= context.columns
        defer { if index >= first { start += widths[index] + 1 } }
        return Cell(
          title: titles[index], start: isShown ? start : context.columns, width: widths[index])
      }
  }

  private var heading: String {
    let rate = "/S"
    return hasNames
      ? DisplayWidth.padded("CODE", to: 41) + DisplayWidth.number(rate, to: 7)
      : DisplayWidth.padded("CODE", to: 11) + DisplayWidth.number(rate, to: 5)
  }

  private func draw(_ line: ClosesScreen.Line, row: Int, into canvas: inout Canvas) {
    switch line {
    case .blank: break
    case .refusalHeading:
      canvas.put("HTTP  REFUSED HANDSHAKES", row: row, column: 1, style: .heading)
    case .refusal(let index):
      guard let refusals = context.latest.statistics?.refusals, refusals.indices.contains(index)
      else { return }
      let refusal = refusals[index]
      // `status` is 0 for a failed TLS handshake.
      let status = refusal.status == 0 ? "TLS" : "\(refusal.status)"
      canvas.put(
        StyledText(DisplayWidth.padded(status, to: 5), .accent).with(
          DisplayWidth.number(QuantityText.readableCount(refusal.count), to: 9)
            + "  " + context.shown(refusal.reason)), row: row, column: 1)
    case .code(let code):
      canvas.put(String(code.rawValue), row: row, column: 1, style: .accent)
      if hasNames {
        canvas.put(code.name ?? "", row: row, column: 6, limit: 23)
      }
      drawCounts(line, row: row, into: &canvas)
    case .sum:
      canvas.put("all", row: row, column: 1, style: .accent)
      drawCounts(line, row: row, into: &canvas)
    }
  }

  private func drawCounts(_ line: ClosesScreen.Line, row: Int, into canvas: inout Canvas) {
    let cells = cells
    let counts = screen.counts(in: context)
    for (column, cell) in cells.enumerated() {
      let count = counts.map { ClosesScreen.number(of: line, column, in: $0.closes) }
      let text =
        switch count {
        case nil: "–"
        case 0 where column > 0: "·"
        case let count?: HumanText.count(count, columns: cell.width)
        }
      canvas.put(
        DisplayWidth.number(text, to: cell.width), row: row, column: cell.start,
        style: column > 0 && (count ?? 0) == 0 ? .dim : .normal)
    }
    let rate = rate(of: line).map { QuantityText.shortCount($0) } ?? "–"
    let width = hasNames ? 7 : 5
    canvas.put(
      DisplayWidth.number(rate, to: width), row: row,
      column: cells[0].start + cells[0].width, style: .accent)
  }

  /// Closes per second: over the interval, or over the last seconds for the total.
  private func rate(of line: ClosesScreen.Line) -> Double? {
    if let counts = screen.counts(in: context), let elapsed = counts.elapsed {
      guard elapsed > 0 else { return nil }
      return Double(ClosesScreen.number(of: line, 0, in: counts.closes)) / elapsed
    }
    if case .code(let code) = line { return context.latest.closeRates.perSecond(of: code) }
    return context.latest.closeRates.perSecond(without: [])
  }

  private var hasNames: Bool { context.columns >= 130 }
}
