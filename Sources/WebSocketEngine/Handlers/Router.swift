/// The routes of a server: the handler and the middleware for each path.
///
/// A pattern's segments are text or one parameter: `/ws/chat/{room}`, `{id:int}`, `{id:uuid}`,
/// `{day:date}`, `{rest:path}` at the end, or a converter of your own; a last segment `*` takes the
/// rest, slashes and all, an empty one too. Text comes before a parameter, a parameter before `*`;
/// else the pattern declared first has the path. Segments are decoded once, and `%2F` stays inside
/// its segment.
public struct Router: Sendable {
  var table: RouteTable<RouteTarget>

  /// No routes.
  public init() {
    table = RouteTable()
  }

  private init(_ table: RouteTable<RouteTarget>) {
    self.table = table
  }

  /// The patterns in their order.
  public var patterns: [String] { table.routes.map(\.pattern) }

  /// Makes a converter known under a name that patterns can use.
  ///
  /// - Throws: `RouteError` if the name is taken or is none.
  public mutating func register(
    _ converter: PathConverter, as name: String
  ) throws(RouteError) {
    try table.register(converter, as: name)
  }

  /// Runs a middleware in the opening handshake of all routes, those declared before included.
  public mutating func use(_ middleware: any HandshakeMiddleware) {
    table.use(middleware)
  }

  /// Serves a path with a synchronous handler, made for each session when its handshake is good.
  ///
  /// `make` may reject the handshake by throwing `HandshakeRejection`, choose a subprotocol and add
  /// response headers; any other error is answered with 500.
  ///
  /// - Throws: `RouteError` for a malformed pattern or one that is taken.
  public mutating func route(
    _ pattern: String, middleware: [any HandshakeMiddleware] = [],
    handler make: @escaping @Sendable (inout Request) throws -> any SessionHandler
  ) throws(RouteError) {
    try table.add(pattern, middleware: middleware, .session(make))
  }

  /// Serves a path with an asynchronous function, run in a task for each session.
  ///
  /// The session is closed with 1000 when the function returns, and with 1011 when it throws.
  ///
  /// - Throws: `RouteError` for a malformed pattern or one that is taken.
  public mutating func webSocket(
    _ pattern: String, middleware: [any HandshakeMiddleware] = [],
    _ body: @escaping @Sendable (WebSocket) async throws -> Void
  ) throws(RouteError) {
    try table.add(pattern, middleware: middleware, .webSocket(body))
  }

  /// Relays the sessions of a path to upstreams.
  ///
  /// - Throws: `RouteError` for a malformed pattern or one that is taken.
  package mutating func relay(
    _ pattern: String, middleware: [any HandshakeMiddleware] = [], through gateway: Gateway
  ) throws(RouteError) {
    try table.add(pattern, middleware: middleware, .upstream(gateway))
  }

  /// Declares routes below a prefix, with middleware of their own; groups nest.
  ///
  /// - Throws: `RouteError` for a malformed prefix, or the error of `declare`.
  public mutating func group(
    _ prefix: String, middleware: [any HandshakeMiddleware] = [],
    _ declare: (inout Router) throws(RouteError) -> Void
  ) throws(RouteError) {
    try table.group(prefix, middleware: middleware) { (inner) throws(RouteError) in
      var router = Router(inner)
      try declare(&router)
      inner = router.table
    }
  }
}
