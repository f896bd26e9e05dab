/// The attributes and colours that the terminal maps styles to.
package enum Theme: String, CaseIterable, Hashable, Sendable {
  /// Colours for a dark background.
  case dark
  /// Colours for a light background.
  case light
  /// No colours: bold, underlined, reversed.
  case mono
  /// White on black, nothing dim, and few colours that differ in brightness too.
  case contrast
}
