import WebSocketEngine
import WebSocketProtocol

/// Sends every message back as it came: the synchronous face of the engine.
///
/// It has no state, so that one instance serves all sessions.
final class Echo: SessionHandler, Sendable {
  func received(_ message: Span<UInt8>, as kind: MessageKind, on session: Session) throws {
    try session.send(message, as: kind)
  }
}

extension Echo {
  /// Serves one session in the asynchronous face.
  static func serve(_ socket: WebSocket) async throws {
    try await socket.accept()
    for try await message in socket.messages {
      switch message {
      case .text(let text): try await socket.send(text)
      case .binary(let bytes): try await socket.send(bytes)
      case .close: return
      }
    }
  }
}
