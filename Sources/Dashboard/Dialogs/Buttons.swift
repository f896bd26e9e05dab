/// A pair of buttons of which the harmless one has the focus at first.
package struct Buttons: Equatable, Sendable {
  /// Whether the focus is on the one that acts.
  package var isYes = false

  /// The harmless one.
  package init() {}
}

/// What a form wants after a key.
package enum FormStep: Equatable, Sendable {
  /// It stays open.
  case stay
  /// It is given up.
  case cancel
  /// It is confirmed.
  case perform
}
