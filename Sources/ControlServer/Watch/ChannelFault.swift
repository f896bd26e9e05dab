internal import Vocabulary

/// A message on a watch or a tap that cannot be served: its WebSocket is closed over it.
struct ChannelFault: Error {
  var code: CloseCode
  /// The close reason.
  var reason: String

  init(_ code: CloseCode, _ reason: String) {
    self.code = code
    self.reason = reason
  }
}
