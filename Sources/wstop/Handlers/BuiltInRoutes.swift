import WebSocketEngine

/// The handlers that `--route PATH=NAME` can name, and the routes served without one.
enum BuiltInHandler: String, CaseIterable {
  case echo
  case echoAsync = "echo-async"
  case api
  case chat
  case stream

  /// What is served when no route is given.
  static let defaultRoutes: [(pattern: String, handler: BuiltInHandler)] = [
    ("/ws/echo", .echo), ("/ws/echo-async", .echoAsync), ("/ws/api", .api),
    ("/ws/chat/{room}", .chat), ("/ws/stream", .stream),
  ]

  /// Serves a path with the handler.
  func add(to router: inout Router, at pattern: String) throws(RouteError) {
    switch self {
    case .echo:
      let echo = Echo()
      try router.route(pattern) { _ in echo }
    case .echoAsync: try router.webSocket(pattern, Echo.serve)
    case .api: try router.webSocket(pattern, API.serve)
    case .chat: try router.route(pattern) { request in Chat(request) }
    case .stream: try router.webSocket(pattern, ByteStream.serve)
    }
  }
}
