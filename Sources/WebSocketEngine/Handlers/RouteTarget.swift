/// The target of a route: one of the two faces of the engine, or upstreams.
enum RouteTarget: Sendable {
  /// A handler made for each session, synchronous, on its reactor.
  case session(@Sendable (inout Request) throws -> any SessionHandler)
  /// A function run in a task for each session.
  case webSocket(@Sendable (WebSocket) async throws -> Void)
  /// Upstreams that sessions are relayed to.
  case upstream(Gateway)
}
