import EventLoop
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

/// A synchronous handler made of closures.
final class ClosureHandler: SessionHandler {
  var onOpen: (Session) throws -> Void = { _ in }
  var onMessage: (Span<UInt8>, MessageKind, Session) throws -> Void = { message, kind, session in
    try session.send(message, as: kind)
  }
  var onDrained: (Session) -> Void = { _ in }
  var onClosed: (SessionClose, Session) -> Void = { _, _ in }

  init(
    received: @escaping (Span<UInt8>, MessageKind, Session) throws -> Void = { message, kind, to in
      try to.send(message, as: kind)
    },
    opened: @escaping (Session) throws -> Void = { _ in },
    closed: @escaping (SessionClose, Session) -> Void = { _, _ in }
  ) {
    onOpen = opened
    onMessage = received
    onClosed = closed
  }

  func opened(_ session: Session) throws { try onOpen(session) }

  func received(_ message: Span<UInt8>, as kind: MessageKind, on session: Session) throws {
    try onMessage(message, kind, session)
  }

  func drained(_ session: Session) { onDrained(session) }

  func closed(_ close: SessionClose, on session: Session) { onClosed(close, session) }
}

/// A string of a message's bytes.
func text(_ message: Span<UInt8>) -> String {
  String(decoding: Array(copying: message), as: UTF8.self)
}
