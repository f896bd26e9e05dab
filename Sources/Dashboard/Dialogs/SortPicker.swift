import ControlProtocol

/// The list of columns to sort by.
enum SortPicker {
  /// How many columns are shown at once.
  static func visibleRows(in context: ScreenContext) -> Int {
    max(1, min(SortKey.allCases.count, context.rows - 4))
  }

  /// Draws the list as a box.
  static func draw(_ context: ScreenContext, _ position: ListPosition, into canvas: inout Canvas) {
    let visible = visibleRows(in: context)
    let top = min(max(position.top, position.cursor - visible + 1), position.cursor)
    let keys = SortKey.allCases.enumerated().dropFirst(top).prefix(visible)
    let lines = keys.map { index, key in
      let isCurrent = key == context.table.sort
      let arrow = isCurrent ? (context.table.isDescending ? " ▼" : " ▲") : ""
      return StyledText(
        (index == position.cursor ? "▸ " : "  ") + key.title + arrow,
        index == position.cursor ? .selection : .dialog)
    }
    let place = DialogBox.draw(
      title: "Sort by", lines: Array(lines), focus: position.cursor - top, into: &canvas)
    for row in 0..<place.count {
      canvas.add(
        .row(top + place.first + row), row: place.row + row,
        columns: place.column..<(place.column + place.columns))
    }
  }
}
