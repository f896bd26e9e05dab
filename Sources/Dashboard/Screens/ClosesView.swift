import ControlProtocol
import Vocabulary

/// The matrix of close codes and who closed, in an interval or in total, and refused handshakes.
enum ClosesView {
  /// Draws heading, matrix and refusals; where there is no room for all, those around the cursor.
  static func draw(_ model: Model, _ layout: Layout, into canvas: inout Canvas) {
    let cells = cells(of: model)
    if layout.hasHeading {
      canvas.fill(row: layout.contentTop, columns: 0..<canvas.columns, style: .heading)
      canvas.put(heading(of: model), row: layout.contentTop, column: 1, style: .heading)
      for (column, cell) in cells.enumerated() {
        canvas.put(
          DisplayWidth.padded(cell.title, to: cell.width, right: true), row: layout.contentTop,
          column: cell.start, style: .heading)
        if column == model.closes.column, !model.closeLines.isEmpty {
          canvas.restyle(
            row: layout.contentTop, columns: cell.start..<(cell.start + cell.width),
            style: .activeTab)
        }
      }
    }
    let lines = model.closeLines
    if lines.isEmpty {
      canvas.put("no session has closed yet", row: layout.bodyTop, column: 1, style: .dim)
      return
    }
    let top = model.positions[.closes]?.top ?? 0
    let cursor = model.closeCursor(in: lines)
    for (index, line) in lines.enumerated().dropFirst(top).prefix(max(layout.bodyRows, 0)) {
      let row = layout.bodyTop + index - top
      draw(line, model, cells, row: row, into: &canvas)
      canvas.add(.row(index), row: row, columns: 0..<canvas.columns)
      if line.hasCounts {
        for (column, cell) in cells.enumerated() {
          canvas.add(
            .cell(row: index, column: column), row: row,
            columns: cell.start..<(cell.start + cell.width))
        }
      }
      guard index == cursor else { continue }
      canvas.put("▸", row: row, column: 0)
      guard case .refusal = line else {
        if cells.indices.contains(model.closes.column) {
          let cell = cells[model.closes.column]
          canvas.restyle(
            row: row, columns: cell.start..<(cell.start + cell.width), style: .selection)
        }
        continue
      }
    }
  }

  /// A column of counts.
  private struct Cell {
    var title: String
    var start: Int
    var width: Int
  }

  /// The columns of the sum and of those who close.
  private static func cells(of model: Model) -> [Cell] {
    let isWide = hasNames(model)
    let titles = ["TOTAL"] + ClosesTable.kinds.map(\.rawValue)
    var start = isWide ? 30 : 6
    var cells: [Cell] = []
    for (column, title) in titles.enumerated() {
      let width = column == 0 ? (isWide ? 12 : 6) : isWide ? 9 : title.utf8.count
      cells.append(Cell(title: title, start: start, width: width))
      start += width + (column == 0 ? (isWide ? 8 : 6) : 1)
    }
    return cells
  }

  private static func heading(of model: Model) -> String {
    let rate = "/S"
    return hasNames(model)
      ? DisplayWidth.padded("CODE", to: 41) + DisplayWidth.padded(rate, to: 7, right: true)
      : DisplayWidth.padded("CODE", to: 11) + DisplayWidth.padded(rate, to: 5, right: true)
  }

  private static func draw(
    _ line: ClosesTable.Line, _ model: Model, _ cells: [Cell], row: Int, into canvas: inout Canvas
  ) {
    switch line {
    case .blank: break
    case .refusalHeading:
      canvas.put("HTTP  REFUSED HANDSHAKES", row: row, column: 1, style: .heading)
    case .refusal(let index):
      guard let refusals = model.picture.statistics?.refusals, refusals.indices.contains(index)
      else { return }
      let refusal = refusals[index]
      // A TLS handshake that fails has no status.
      let status = refusal.status == 0 ? "TLS" : "\(refusal.status)"
      canvas.put(
        StyledText(DisplayWidth.padded(status, to: 5), .accent).with(
          DisplayWidth.padded(QuantityText.readableCount(refusal.count), to: 9, right: true)
            + "  " + model.shown(refusal.reason)), row: row, column: 1)
    case .code(let code):
      canvas.put(String(code.rawValue), row: row, column: 1, style: .accent)
      if hasNames(model) {
        canvas.put(code.name ?? "", row: row, column: 6, limit: 23)
      }
      drawCounts(line, model, cells, row: row, into: &canvas)
    case .sum:
      canvas.put("all", row: row, column: 1, style: .accent)
      drawCounts(line, model, cells, row: row, into: &canvas)
    }
  }

  private static func drawCounts(
    _ line: ClosesTable.Line, _ model: Model, _ cells: [Cell], row: Int, into canvas: inout Canvas
  ) {
    let shown = model.shownCloses
    for (column, cell) in cells.enumerated() {
      let count = shown.map { Model.number(of: line, column, in: $0.counts) }
      let text =
        switch count {
        case nil: "–"
        case 0 where column > 0: "·"
        case let count?: HumanText.count(count, columns: cell.width)
        }
      canvas.put(
        DisplayWidth.padded(text, to: cell.width, right: true), row: row, column: cell.start,
        style: column > 0 && (count ?? 0) == 0 ? .dim : .normal)
    }
    let rate = rate(of: line, model).map { QuantityText.shortCount($0) } ?? "–"
    let width = hasNames(model) ? 7 : 5
    canvas.put(
      DisplayWidth.padded(rate, to: width, right: true), row: row,
      column: cells[0].start + cells[0].width, style: .accent)
  }

  /// Closes per second: over the interval that is shown, or over the last seconds.
  private static func rate(of line: ClosesTable.Line, _ model: Model) -> Double? {
    if let shown = model.shownCloses, let elapsed = shown.elapsed {
      guard elapsed > 0 else { return nil }
      return Double(Model.number(of: line, 0, in: shown.counts)) / elapsed
    }
    if case .code(let code) = line { return model.picture.closeRates.perSecond(of: code) }
    return model.picture.closeRates.perSecond(without: [])
  }

  private static func hasNames(_ model: Model) -> Bool { model.columns >= 130 }
}
