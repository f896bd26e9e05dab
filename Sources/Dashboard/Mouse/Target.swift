/// The meaning of a click at a place; drawing adds the targets, so that the two cannot disagree.
package enum Target: Hashable, Sendable {
  /// The same as a key, such as a key in the footer.
  case key(Key)
  /// The tab of a screen.
  case screen(Screen)
  /// The heading of a column, by its index among all columns that the screen can sort by.
  case heading(Int)
  /// A row of the topmost list, by its index.
  case row(Int)
  /// A cell of that list, by the indices of its row and its column.
  case cell(row: Int, column: Int)
  /// A dialog's field for text, by its index among the form's.
  case field(Int)
  /// A dialog's field of choices, by its index among the form's.
  case choice(Int)
  /// A dialog's button: whether it is the one that acts.
  case button(Bool)
}
