import WebSocketEngine

/// The handlers that `--route PATH=NAME` can name, and the default routes.
enum BuiltInHandler: String, CaseIterable {
  case echo
  case echoAsync = "echo-async"
  case api
  case chat
  case stream

  /// The routes if none is given.
  static let defaultRoutes: [(pattern: String, handler: BuiltInHandler)] = [
    ("/ws/echo", .echo), ("/ws/echo-async", .echoAsync), ("/ws/api", .api),
    ("/ws/chat/{room}", .chat), ("/ws/stream", .stream),
  ]

  /// The limits of the handler, which hold for its routes unless others are set.
  var limits: [String] {
    switch self {
    case .echo, .echoAsync: []
    // `message-bytes` suffices for the API: questions and replies are short.
    case .api: ["message-bytes=64KiB"]
    // `message-bytes` bounds broadcasts: each message goes to all of the room.
    case .chat: ["message-bytes=64KiB"]
    // `message-bytes` bounds the stream's own messages; its client sends nothing.
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
