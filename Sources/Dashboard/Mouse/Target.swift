/// What a click at some place means; drawing says where each of them is, so that the two cannot
/// disagree.
package enum Target: Hashable, Sendable {
  /// The same as a key, such as one that the footer names.
  case key(Key)
  /// The tab of a screen.
  case screen(Screen)
  /// The heading of a column, by its index among all that the screen could sort by.
  case heading(Int)
  /// A row of the list that is on top, by its index.
  case row(Int)
  /// A cell of that list, by the indices of its row and its column.
  case cell(row: Int, column: Int)
  /// One of a dialog's two buttons: whether it is the one that acts.
  case button(Bool)
}
