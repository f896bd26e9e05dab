import ControlProtocol
import Vocabulary

/// The table of limits, with an explanation of the one under the cursor.
enum LimitsView {
  /// Draws heading, rows and explanation.
  static func draw(_ model: Model, _ layout: Layout, into canvas: inout Canvas) {
    let rows = model.picture.limits
    let isWide = canvas.columns >= 130
    if layout.hasHeading {
      canvas.fill(row: layout.contentTop, columns: 0..<canvas.columns, style: .heading)
      canvas.put(
        line(
          [
            "LIMIT", "VALUE", "DEFAULT", "SCOPE", "SET BY", isWide ? "RANGE" : "",
            isWide ? "HELP" : "",
          ]),
        row: layout.contentTop, column: 2, style: .heading)
    }
    if rows.isEmpty {
      canvas.put("loading…", row: layout.bodyTop, column: 2, style: .dim)
      return
    }
    let position = model.positions[.limits] ?? ListPosition()
    let visible = layout.visibleRows(at: .limits)
    for (index, row) in rows.enumerated().dropFirst(position.top).prefix(max(visible, 0)) {
      let at = layout.bodyTop + index - position.top
      let isCursor = index == position.cursor
      let text = line([
        row.key.rawValue, model.shown(row.value), model.shown(row.defaultValue),
        model.shown(row.scope.text), row.source.rawValue, isWide ? row.key.rangeText : "",
        isWide ? row.key.definition.help : "",
      ])
      let isChanged = row.value != row.defaultValue
      canvas.put(isCursor ? "▸" : isChanged ? "*" : " ", row: at, column: 0)
      canvas.put(text, row: at, column: 2, style: isChanged ? .accent : .normal)
      if isCursor { canvas.restyle(row: at, columns: 0..<canvas.columns, style: .selection) }
    }
    guard layout.explanationRows > 0, rows.indices.contains(position.cursor) else { return }
    let key = rows[position.cursor].key
    let at = layout.bodyTop + visible
    canvas.fill(row: at, columns: 0..<canvas.columns, with: "─", style: .dim)
    canvas.put("\(key.rawValue): \(key.definition.help)", row: at + 1, column: 2)
    canvas.put(
      "takes \(key.rangeText); on breach: \(key.definition.onBreach)", row: at + 2, column: 2,
      style: .dim)
  }

  private static func line(_ cells: [String]) -> String {
    let widths = [21, 11, 9, 22, 11, 24, 60]
    return zip(cells, widths).map { DisplayWidth.padded($0, to: $1) }.joined(separator: " ")
  }
}
