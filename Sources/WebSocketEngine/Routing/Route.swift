/// One route of a table: a pattern and its target.
package struct Route<Target: Sendable>: Sendable {
  /// Its place in the order of declaration, from 0, by which statistics know it.
  package let index: Int
  /// The whole pattern, such as `/ws/chat/{room}`.
  package let pattern: String
  /// The middleware around the opening handshake: the table's, then the groups' from the outermost,
  /// then its own.
  package internal(set) var middleware: [any HandshakeMiddleware]
  /// The target.
  package let target: Target
}

/// The route that a path leads to.
package struct RouteMatch<Target: Sendable>: Sendable {
  /// The route.
  package let route: Route<Target>
  /// The pattern's parameters in the path.
  package let parameters: PathParameters
}
