package import ControlProtocol
package import Vocabulary

/// What a screen, a page or a dialog asks of a screen; it is run once the event has been taken.
package enum Errand: Equatable, Sendable {
  /// Show the sessions that a filter matches, from the first on.
  case sessions(filter: String, SessionSelection)
  /// Keep the cursor of the sessions on its session, which something is done with.
  case pinSession
  /// Take the marks of sessions away that an act has hit, or that have gone.
  case unmark([SessionID])
}
