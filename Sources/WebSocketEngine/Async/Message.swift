/// A message for an asynchronous handler, or the session's end.
public enum Message: Hashable, Sendable {
  /// A text message.
  case text(String)
  /// A binary message.
  case binary([UInt8])
  /// The session is over; nothing follows.
  case close(SessionClose)

  /// The memory that it takes while it waits, in bytes: counted against the inbox.
  var heldByteCount: Int {
    switch self {
    case .text(let text): text.utf8.count + Self.boxByteCount
    case .binary(let bytes): bytes.count + Self.boxByteCount
    case .close: 0
    }
  }

  /// The memory of a message beside its payload: its place in the inbox, and the head of its
  /// storage.
  private static let boxByteCount = 96
}

/// A call on a `WebSocket` that cannot be done.
public enum WebSocketError: Error, Hashable, Sendable {
  /// Nothing can be sent or received before `accept`.
  case notAccepted
  /// The opening handshake was answered before: accepted, rejected or timed out.
  case alreadyAnswered
  /// The session is over.
  case closed
  /// The subprotocol was not offered by the client.
  case subprotocolNotOffered(String)
  /// The header belongs to the handshake itself.
  case reservedHeader(String)
  /// The close code must not be sent, or the reason is over 123 bytes.
  case invalidClose(CloseError)
  /// The message is over `message-bytes`; the session was closed with 1009.
  case messageTooBig(byteCount: Int, limit: Int)
  /// The peer is owed `backlog-bytes` already, and `backlog-policy` is to drop: the message is not
  /// sent, the session goes on.
  case backlogFull(byteCount: Int, limit: Int)
  /// Another task of the handler is receiving.
  case concurrentReceive
  /// The message is no JSON of the wanted shape.
  case invalidJSON(String)
}
