import WebSocketProtocol

/// permessage-deflate for one reactor's sessions.
final class ReactorCompression {
  private let streams = DeflateStreams()
  /// What sessions without context share, by their parameters: one for each window there is.
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
