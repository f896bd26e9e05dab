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

  /// The limits that suit the handler, which hold for its routes unless somebody sets others.
  var limits: [String] {
    switch self {
    case .echo, .echoAsync: []
    // A question to the API is short, and its reply no longer.
    case .api: ["message-bytes=64KiB"]
    // What one member says, each of the room is sent.
    case .chat: ["message-bytes=64KiB"]
    // That of its own messages; a client of it has nothing to say.
    case .stream: ["message-bytes=16KiB"]
    }
  }

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
