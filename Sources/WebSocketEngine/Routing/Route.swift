/// One route of a table: a pattern and what it leads to.
package struct Route<Target: Sendable>: Sendable {
  /// Its place in the order of declaration, from 0, by which statistics know it.
  package let index: Int
  /// The whole pattern, such as `/ws/chat/{room}`.
  package let pattern: String
  /// What runs around the opening handshake: the table's, then the groups' from the outermost,
  /// then its own.
  package internal(set) var middleware: [any HandshakeMiddleware]
  /// What it leads to.
  package let target: Target
}

/// The route that a path leads to.
package struct RouteMatch<Target: Sendable>: Sendable {
  /// The route.
  package let route: Route<Target>
  /// What the pattern's parameters are in the path.
  package let parameters: PathParameters
}
