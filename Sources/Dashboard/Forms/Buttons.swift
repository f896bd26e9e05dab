/// A pair of buttons; the harmless one has the focus at first.
package struct Buttons: Equatable, Sendable {
  /// Whether the button that acts has the focus.
  package var isYes = false

  /// The focus is on the harmless one.
  package init() {}

  /// Moves the focus between the two.
  package mutating func perform(_ edit: Action.Edit) {
    if edit == .left || edit == .right { isYes.toggle() }
  }
}
