package import Vocabulary

/// The part of a statistics record that never changes during a session.
///
/// Address and path are not here: they are in the journal, once, when the session is opened.
package struct SessionIdentity: Equatable, Sendable {
  /// The session's name.
  package var id: SessionID
  /// The time at which its connection was accepted; monotonic.
  package var openedAt: Instant
  /// The index of its route, or nil before routing; at most `maximumRouteIndex`.
  package var route: Int?

  /// The greatest route index that a record can hold.
  package static let maximumRouteIndex = 65_534

  /// An identity.
  package init(id: SessionID, openedAt: Instant, route: Int?) {
    self.id = id
    self.openedAt = openedAt
    self.route = route
  }
}
