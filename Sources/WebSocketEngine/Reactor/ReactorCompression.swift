import WebSocketProtocol

/// permessage-deflate for one reactor's sessions.
final class ReactorCompression {
  private let streams = DeflateStreams()
  /// The compression that sessions without context share, by their parameters: one for each window.
  private var shared: [DeflateParameters: MessageCompression] = [:]

  /// The compression of a session for which parameters were negotiated.
  func make(_ parameters: DeflateParameters) -> MessageCompression {
    if let made = shared[parameters] { return made }
    let made = MessageCompression(parameters, role: .server, streams: streams)
    if !MessageCompression.isDedicated(parameters) { shared[parameters] = made }
    return made
  }
}

@available(*, unavailable)
extension ReactorCompression: Sendable {}
