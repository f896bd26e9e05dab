/// A pair of buttons of which the harmless one has the focus at first.
package struct Buttons: Equatable, Sendable {
  /// Whether the focus is on the one that acts.
  package var isYes = false

  /// The harmless one.
  package init() {}

  /// Moves the focus between the two.
  package mutating func perform(_ edit: Action.Edit) {
    if edit == .left || edit == .right { isYes.toggle() }
  }
}
