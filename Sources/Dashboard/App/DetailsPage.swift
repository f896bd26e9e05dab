package import Vocabulary

/// The page of one session.
package struct DetailsPage: Equatable, Sendable {
  /// The session.
  package var id: SessionID
  /// How far the text is scrolled.
  package var position = ListPosition()
  /// Whether the session is there, as far as the console knows.
  package var presence = Presence.awaited(missing: 0)

  /// Whether the session is there.
  package enum Presence: Equatable, Sendable {
    /// Its details have not come yet, in `missing` snapshots so far.
    case awaited(missing: Int)
    /// Its details are shown.
    case present
    /// It has closed; the last details are kept.
    case closed
    /// The engine knows no such session.
    case unknown
  }

  /// The page of a session whose details are yet to come.
  package init(id: SessionID) {
    self.id = id
  }
}
