internal import WebSocketProtocol

/// A whole request of the control API.
struct HTTPRequest {
  var head: RequestHead
  var body: [UInt8]

  /// Whether the client wants the connection to end with the answer.
  var closes: Bool { head.headers.list(of: "Connection", contains: "close") }
}
