/// The role of a cell; the terminal maps each role to attributes and colours.
///
/// No role carries a meaning alone: there is always a word, a mark or a number as well.
package enum Style: UInt8, CaseIterable, Hashable, Sendable {
  /// Ordinary text.
  case normal
  /// The first line: which engine this is.
  case title
  /// Column headings and section headings.
  case heading
  /// The tab of the shown screen.
  case activeTab
  /// The row under the cursor.
  case selection
  /// A marked row.
  case marked
  /// A value or sentence that wants attention.
  case warning
  /// A failure, or an action that destroys.
  case danger
  /// Secondary text.
  case dim
  /// A value that stands out, such as a rate.
  case accent
  /// Live numbers and graphs.
  case live
  /// A key in the footer or the help.
  case key
  /// The text of a field.
  case field
  /// A button that has the focus.
  case button
  /// The frame and the inside of a dialog.
  case dialog
}
