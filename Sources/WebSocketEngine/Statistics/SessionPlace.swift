/// The place where sessions came in: a route and a listener, one object for all sessions that share
/// both.
package final class SessionPlace: Sendable {
  /// The pattern of the route.
  package let route: String
  /// The address of the listener that accepted them.
  package let listener: String

  /// A route and a listener.
  package init(route: String, listener: String) {
    self.route = route
    self.listener = listener
  }
}
