import ControlProtocol

/// The list of columns to sort by.
package struct SortPicker: Equatable, Sendable {
  /// The cursor and the visible part.
  package var position = ListPosition()
  /// The text that was typed to go to a column.
  package var search = MenuSearch()
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

  /// Goes to the column that typed text means; false if the list does not take such text.
  mutating func insert(_ text: String) -> Bool {
    guard MenuSearch.takes(text) else { return false }
    if let index = search.insert(text, among: Self.keys.map(MenuSearch.texts)) {
      position.cursor = index
    }
    return true
  }

  /// Deletes the last character that was typed.
  mutating func deleteLast() {
    if let index = search.deleteLast(among: Self.keys.map(MenuSearch.texts)) {
      position.cursor = index
    }
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
    let keyWidth = Self.keys.map { DisplayWidth.of($0.rawValue) }.max() ?? 0
    let lines = keys.map { index, key in
      let arrow = key == sort ? (isDescending ? " ▼" : " ▲") : ""
      return StyledText(
        (index == position.cursor ? "▸ " : "  ")
          + DisplayWidth.padded(key.rawValue + arrow, to: keyWidth + 2) + " " + key.title,
        index == position.cursor ? .selection : .dialog)
    }
    let place = DialogBox.draw(
      title: search.title("Sort by"), lines: Array(lines), focus: position.cursor - top,
      hidden: (top, Self.keys.count - top - keys.count), into: &canvas)
    for row in 0..<place.count {
      canvas.add(
        .row(top + place.first + row), row: place.row + row,
        columns: place.column..<(place.column + place.columns))
    }
  }
}
