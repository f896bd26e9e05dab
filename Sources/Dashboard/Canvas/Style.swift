/// What a cell means; the terminal maps each role to attributes and colours.
///
/// No role is the only carrier of a meaning: there is always a word, a mark or a number as well.
package enum Style: UInt8, CaseIterable, Hashable, Sendable {
  /// Ordinary text.
  case normal
  /// The first line: which engine this is.
  case title
  /// Column headings and section headings.
  case heading
  /// The tab of the screen that is shown.
  case activeTab
  /// The row under the cursor.
  case selection
  /// A row that is marked.
  case marked
  /// Something a person should look at.
  case warning
  /// Something that went wrong, or is about to destroy.
  case danger
  /// What matters less.
  case dim
  /// A value that stands out, such as a rate.
  case accent
  /// Numbers and graphs that are alive.
  case live
  /// A key in the footer or the help.
  case key
  /// The text of a field that is being edited.
  case field
  /// A button that has the focus.
  case button
  /// The frame and the inside of a dialog.
  case dialog
}
