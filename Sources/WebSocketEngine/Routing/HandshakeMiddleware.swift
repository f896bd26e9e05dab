/// A step around the opening handshake: authentication, rates, headers.
///
/// Middleware runs in order, the engine's first, then the groups', then the route's, after the
/// route is known and before its handler. It runs on the reactor's thread and must not block: work
/// that needs time, such as asking another service, belongs into an asynchronous handler before it
/// accepts.
public protocol HandshakeMiddleware: Sendable {
  /// Looks at a request, and may add to it.
  ///
  /// - Throws: ``HandshakeRejection`` to refuse the handshake with a status of its own; any other
  ///   error refuses it with 500. Nothing after it runs then.
  func handshake(_ request: inout Request) throws
}
