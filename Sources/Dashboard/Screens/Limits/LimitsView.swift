import ControlProtocol
import Vocabulary

extension LimitsScreen {
  package func extent(in context: ScreenContext) -> ListExtent? {
    ListExtent(
      top: position.top, visible: Self.visibleRows(Layout(context)), count: rows(in: context).count,
      total: isSetOnly ? context.latest.limits.count : nil)
  }

  package func draw(into canvas: inout Canvas, _ layout: Layout, in context: ScreenContext) {
    LimitsView(screen: self, context: context).draw(layout, into: &canvas)
  }
}

/// The drawing of the table of limits, with an explanation of the one under the cursor.
private struct LimitsView {
  var screen: LimitsScreen
  var context: ScreenContext

  /// Draws heading, rows and explanation.
  func draw(_ layout: Layout, into canvas: inout Canvas) {
    let rows = screen.rows(in: context)
    let isWide = canvas.columns >= 130
    let position = screen.position
    let visible = LimitsScreen.visibleRows(layout)
    let widths = widths(rows, columns: canvas.columns, isWide: isWide)
    if layout.hasHeading {
      canvas.fill(row: layout.contentTop, columns: 0..<canvas.columns, style: .heading)
      canvas.put(
        line(
          ["LIMIT", "VALUE", "DEFAULT", "SCOPE", "SET BY"]
            + (isWide ? ["REVERTS", "RANGE", "HELP"] : []), widths),
        row: layout.contentTop, column: 2, style: .heading)
    }
    if rows.isEmpty {
      let text =
        context.latest.limits.isEmpty
        ? "loading…" : "every limit is at its default: \(context.keyLabel(.showSet)) shows them"
      canvas.put(text, row: layout.bodyTop, column: 2, style: .dim)
      return
    }
    for (index, row) in rows.enumerated().dropFirst(position.top).prefix(max(visible, 0)) {
      let at = layout.bodyTop + index - position.top
      let isCursor = index == position.cursor
      let isChanged = row.value != row.defaultValue
      canvas.put(
        isCursor ? "▸" : row.revert != nil ? "!" : isChanged ? "*" : " ", row: at, column: 0)
      canvas.put(
        line(cells(row, isWide: isWide), widths), row: at, column: 2,
        style: row.revert != nil ? .warning : isChanged ? .accent : .normal)
      canvas.add(.row(index), row: at, columns: 0..<canvas.columns)
      if isCursor { canvas.restyle(row: at, columns: 0..<canvas.columns, style: .selection) }
    }
    guard LimitsScreen.explanationRows(layout) > 0, let row = screen.current(in: context) else {
      return
    }
    let at = layout.bodyTop + visible
    canvas.fill(row: at, columns: 0..<canvas.columns, with: "─", style: .dim)
    canvas.put("\(row.key.rawValue): \(row.key.definition.help)", row: at + 1, column: 2)
    if let revert = row.revert {
      canvas.put(
        "goes back to \(context.shown(revert.value)) in \(countdown(revert)) unless it is "
          + "kept: \(context.keyLabel(.keep))",
        row: at + 2, column: 2, style: .warning)
    } else if let bound = row.bound {
      canvas.put(
        "set to \(context.shown(row.value)), but \(context.shown(bound.by)) allow no more than "
          + context.shown(bound.value), row: at + 2, column: 2, style: .warning)
    } else {
      canvas.put(
        "takes \(row.key.rangeText); on breach: \(row.key.definition.onBreach)", row: at + 2,
        column: 2, style: .dim)
    }
  }

  private func cells(_ row: LimitRow, isWide: Bool) -> [String] {
    let cells = [
      row.key.rawValue, context.shown(row.bound?.value ?? row.value),
      context.shown(row.defaultValue),
      context.shown(row.scope.text),
    ]
    let setter = row.bound.map { context.shown($0.by) } ?? row.source.rawValue
    guard isWide else {
      return cells + [row.revert.map { "back \(countdown($0))" } ?? setter]
    }
    let revert = row.revert.map { "\(context.shown($0.value)) in \(countdown($0))" } ?? ""
    return cells + [
      setter, revert, row.key.rangeText, row.key.definition.help,
    ]
  }

  /// The time until a revert, by the engine's clock.
  private func countdown(_ revert: LimitRevert) -> String {
    HumanText.duration(
      revert.secondsLeft(
        uptime: context.latest.statistics?.uptimeSeconds, now: context.latest.readAt))
  }

  /// The widths of the columns: a long scope takes the spare width, in the wide form HELP's, which
  /// the explanation repeats.
  private func widths(
    _ rows: [LimitRow], columns: Int, isWide: Bool
  ) -> [Int] {
    var widths = [21, 11, 9, 22, 11] + (isWide ? [18, 24, 60] : [])
    let needed = rows.map { DisplayWidth.of(context.shown($0.scope.text)) }.max() ?? 0
    let total = 2 + widths.reduce(0, +) + widths.count - 1
    let left = isWide ? 26 : max(0, columns - total)
    widths[3] += min(max(0, needed - widths[3]), left)
    return widths
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    zip(cells, widths).map { DisplayWidth.padded($0, to: $1) }.joined(separator: " ")
  }
}
