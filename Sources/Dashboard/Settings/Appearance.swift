/// The settings of the terminal that can change while the console runs.
package struct Appearance: Equatable, Sendable {
  /// The theme.
  package var theme: Theme
  /// Whether the mouse belongs to the console; else the terminal's own selection works.
  package var usesMouse: Bool

  /// An appearance.
  package init(theme: Theme = .dark, usesMouse: Bool = true) {
    self.theme = theme
    self.usesMouse = usesMouse
  }
}
