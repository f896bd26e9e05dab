import Vocabulary
import WebSocketEngine
import WebSocketProtocol

/// A chat room: a member's messages go to all others of the room named in the path.
final class Chat: SessionHandler {
  private let room: String
  /// The client's name, as it claims.
  private let user: String?

  /// - Parameter request: its path names the room: the parameter `room`, or else the whole path;
  ///   its query may name the member: `?user=olga`, cut at 64 bytes, becomes the tag `user`.
  init(_ request: Request) {
    room = request.parameters["room"] ?? request.path
    user = request.query["user"].map { $0.cut(to: 64) }
  }

  func opened(_ session: Session) throws {
    if let user, !user.isEmpty { try session.tag("user", user) }
    try session.join(room)
  }

  func received(_ message: Span<UInt8>, as kind: MessageKind, on session: Session) throws {
    do {
      try session.broadcast(message, as: kind, to: room)
    } catch SendError.messageTooBig {
      try session.close(.messageTooBig, reason: "too big for the room")
    }
  }
}
