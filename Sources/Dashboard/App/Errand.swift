package import ControlProtocol

/// What one screen asks of another; it is run once the screen that asks has had its say.
package enum Errand: Equatable, Sendable {
  /// Show the sessions that a filter matches, from the first on.
  case sessions(filter: String, SessionSelection)
}
