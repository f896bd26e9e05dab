/// A frame in the middle of the screen.
enum DialogBox {
  /// The place of a dialog's lines on the canvas.
  struct Placement {
    /// The canvas row of the first visible line.
    var row: Int
    /// The canvas column of the lines.
    var column: Int
    /// The columns of the lines.
    var columns: Int
    /// The index of the first visible line.
    var first: Int
    /// How many lines are visible.
    var count: Int
  }

  /// Draws a frame, a title and lines; without room for all lines, those around the focused one.
  ///
  /// The frame says how many lines are not visible, above and below.
  ///
  /// - Parameter hidden: how many entries of the list stand above and below the lines.
  @discardableResult
  static func draw(
    title: String, lines: [StyledText], focus: Int, wanted: Int = 0,
    hidden: (above: Int, below: Int) = (0, 0), into canvas: inout Canvas
  ) -> Placement {
    let content = max(lines.map(\.width).max() ?? 0, DisplayWidth.of(title) + 2, wanted)
    let hasFrame = canvas.rows >= 6 && canvas.columns >= 12
    let edge = hasFrame ? 1 : 0
    let columns = max(0, min(content + 2, canvas.columns - 2 * edge))
    let count = max(0, min(lines.count, canvas.rows - 2 * edge))
    let first = min(max(0, focus - count + 1), max(0, lines.count - count))
    let top = max(0, (canvas.rows - count - 2 * edge) / 2)
    let left = max(0, (canvas.columns - columns - 2 * edge) / 2)
    canvas.removeTargets(
      rows: top..<(top + count + 2 * edge), columns: left..<(left + columns + 2 * edge))
    if hasFrame {
      let bar = String(repeating: "─", count: columns)
      canvas.put("┌\(bar)┐", row: top, column: left, style: .dialog)
      canvas.put("└\(bar)┘", row: top + count + 1, column: left, style: .dialog)
      canvas.put(
        " \(DisplayWidth.fitted(title, to: max(columns - 4, 0))) ", row: top, column: left + 2,
        style: .heading, limit: max(columns - 2, 0))
      more("▲", hidden.above + first, row: top, edges: left..<(left + columns + 2), into: &canvas)
      more(
        "▼", hidden.below + lines.count - first - count, row: top + count + 1,
        edges: left..<(left + columns + 2), into: &canvas)
    }
    for index in 0..<count {
      let row = top + edge + index
      canvas.fill(
        row: row, columns: left..<(left + columns + 2 * edge), style: .dialog)
      if hasFrame {
        canvas.put("│", row: row, column: left, style: .dialog)
        canvas.put("│", row: row, column: left + columns + 1, style: .dialog)
      }
      canvas.put(
        lines[first + index], row: row, column: left + edge + 1, limit: max(columns - 1, 0))
    }
    return Placement(
      row: top + edge, column: left + edge + 1, columns: max(columns - 2, 0), first: first,
      count: count)
  }

  /// Says on the frame, at the right, that the list goes on.
  private static func more(
    _ mark: String, _ count: Int, row: Int, edges: Range<Int>, into canvas: inout Canvas
  ) {
    guard count > 0 else { return }
    let text = " \(mark) \(count) more "
    let column = edges.upperBound - 2 - DisplayWidth.of(text)
    guard column > edges.lowerBound + 1 else { return }
    canvas.put(text, row: row, column: column, style: .key)
  }
}
