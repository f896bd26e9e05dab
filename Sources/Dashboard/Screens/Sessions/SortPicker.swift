import ControlProtocol

/// The list of columns to sort by.
package struct SortPicker: Equatable, Sendable {
  /// The cursor and the visible part.
  package var position = ListPosition()
  /// The column that the table is sorted by, and whether the greatest comes first.
  private let sort: SessionField
  private let isDescending: Bool

  /// All columns.
  static let keys = SessionField.sortable

  /// A list with the cursor on the column that the table is sorted by.
  init(_ sort: SessionField, _ isDescending: Bool) {
    self.sort = sort
    self.isDescending = isDescending
    position.cursor = Self.keys.firstIndex(of: sort) ?? 0
  }

  /// The column under the cursor.
  var current: SessionField? {
    Self.keys.indices.contains(position.cursor) ? Self.keys[position.cursor] : nil
  }

  /// How many columns are shown at once.
  static func visibleRows(in context: ScreenContext) -> Int {
    max(1, min(keys.count, context.rows - 4))
  }

  /// Draws the list as a box.
  func draw(_ context: ScreenContext, into canvas: inout Canvas) {
    let visible = Self.visibleRows(in: context)
    let top = min(max(position.top, position.cursor - visible + 1), position.cursor)
    let keys = Self.keys.enumerated().dropFirst(top).prefix(visible)
    let lines = keys.map { index, key in
      let arrow = key == sort ? (isDescending ? " ▼" : " ▲") : ""
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
