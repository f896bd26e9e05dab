/// Scrolled text below a heading.
enum TextView {
  /// Draws the lines from `top` on, with the scroll position in a heading.
  static func draw(
    _ lines: [StyledText], heading: StyledText?, top: Int, sought: String = "", _ layout: Layout,
    into canvas: inout Canvas
  ) {
    if layout.hasHeading, let heading {
      canvas.fill(row: layout.contentTop, columns: 0..<canvas.columns, style: .heading)
      canvas.put(heading, row: layout.contentTop, column: 1)
      if lines.count > layout.bodyRows {
        let last = min(top + layout.bodyRows, lines.count)
        let text = " \(top + 1)–\(last) of \(lines.count) "
        canvas.put(
          text, row: layout.contentTop, column: canvas.columns - DisplayWidth.of(text),
          style: .heading)
      }
    }
    let bodyTop = heading == nil ? layout.contentTop : layout.bodyTop
    for (index, line) in lines.dropFirst(top).prefix(layout.bodyRows).enumerated() {
      canvas.put(line, row: bodyTop + index, column: 1)
      if line.contains(sought) {
        canvas.restyle(row: bodyTop + index, columns: 0..<canvas.columns, style: .marked)
        canvas.put("▸", row: bodyTop + index, column: 0, style: .marked)
      }
    }
  }
}

extension Canvas {
  /// Draws one text at the left and one at the right, the right one only if it fits.
  mutating func put(_ left: StyledText, right: StyledText, row: Int) {
    let width = right.width
    let start = columns - width - 1
    let fits = width > 0 && left.width + 3 <= start
    put(left, row: row, column: 1, limit: max(0, (fits ? start : columns) - 1))
    if fits { put(right, row: row, column: start) }
  }
}
