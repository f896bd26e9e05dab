package import ControlProtocol

/// The dialog in which the columns of the session table are chosen and put into order; the table
/// behind it shows them at once.
package struct ColumnForm: Equatable, Sendable {
  /// Every column, the chosen ones in their order.
  package private(set) var entries: [Entry]
  /// The cursor and the visible part.
  package var position = ListPosition()
  /// The text that was typed to go to a column.
  package var search = MenuSearch()
  /// The table's choice when the dialog was opened.
  package let original: ColumnChoice
  /// The column that the table is sorted by, which it shows whether it is chosen or not.
  package let sort: SessionField

  /// A column that can be chosen.
  package struct Entry: Equatable, Sendable {
    /// The column.
    package var key: SessionField
    /// Whether the table has it.
    package var isShown: Bool
  }

  /// A dialog for a table's columns: these first, then all others.
  package init(_ choice: ColumnChoice, sort: SessionField) {
    original = choice
    self.sort = sort
    entries = Self.entries(choice.keys)
  }

  /// The columns as they are chosen now; the table's own if none is.
  package var choice: ColumnChoice {
    let keys = entries.filter(\.isShown).map(\.key)
    return keys.isEmpty ? original : ColumnChoice(keys, rates: original.rates)
  }

  /// Goes to the column that typed text means; false if the list does not take such text.
  package mutating func insert(_ text: String) -> Bool {
    guard MenuSearch.takes(text) else { return false }
    if let index = search.insert(text, among: entries.map { MenuSearch.texts(of: $0.key) }) {
      position.cursor = index
    }
    return true
  }

  /// Deletes the last character that was typed.
  package mutating func deleteLast() {
    if let index = search.deleteLast(among: entries.map { MenuSearch.texts(of: $0.key) }) {
      position.cursor = index
    }
  }

  /// Chooses the column under the cursor, or takes it away; the last one stays.
  package mutating func toggle() {
    search.clear()
    guard entries.indices.contains(position.cursor) else { return }
    let isShown = entries[position.cursor].isShown
    guard !isShown || entries.count(where: \.isShown) > 1 else { return }
    entries[position.cursor].isShown.toggle()
  }

  /// Moves the column under the cursor to the left (-1) or right (1) in the table, which is up or
  /// down in the list.
  package mutating func shift(by step: Int, visible: Int) {
    let target = position.cursor + step
    guard entries.indices.contains(position.cursor), entries.indices.contains(target) else {
      return
    }
    entries.swapAt(position.cursor, target)
    position.cursor = target
    position.settle(count: entries.count, visible: visible)
  }

  /// Chooses the standard columns.
  package mutating func reset() {
    entries = Self.entries(ColumnChoice.standard)
    position = ListPosition()
  }

  private static func entries(_ keys: [SessionField]) -> [Entry] {
    keys.map { Entry(key: $0, isShown: true) }
      + SessionField.columns.filter { !keys.contains($0) }.map { Entry(key: $0, isShown: false) }
  }
}
