/// The result of a key in a form.
package enum FormStep: Equatable, Sendable {
  /// It stays open.
  case stay
  /// It is given up.
  case cancel
  /// It is confirmed.
  case perform
}
