package import ControlProtocol
package import Vocabulary

/// A request to a screen from a page, a dialog or another screen; it runs once the event is
/// handled.
package enum Errand: Equatable, Sendable {
  /// Shows the sessions that a filter matches, from the first on.
  case sessions(filter: String, SessionSelection)
  /// Keeps the cursor of the sessions screen on its session, which a dialog or page is about.
  case pinSession
  /// Puts the cursor of the limits screen on the row of a limit that was set.
  case limit(LimitKey, LimitScope)
  /// Unmarks sessions that an act has reached, or that have gone.
  case unmark([SessionID])
}
