public import Vocabulary
import WebSocketProtocol

/// The end of a session: the code, the reason and the initiator.
public struct SessionClose: Hashable, Sendable {
  /// The peer's code if the peer closed (1005 if it gave none), ours if we did, 1006 if the
  /// connection was lost.
  public let code: CloseCode
  /// The reason that came with the code; empty if none did.
  public let reason: String
  /// The initiator.
  public let initiator: CloseInitiator
  /// The operator's act that closed it; nil if none did.
  package let act: OperatorAct?

  /// A session's end.
  package init(
    code: CloseCode, reason: String = "", initiator: CloseInitiator, act: OperatorAct? = nil
  ) {
    self.code = code
    self.reason = reason
    self.initiator = initiator
    self.act = act
  }
}

/// A message that could not be sent.
public enum SendError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The session is not open: it has not been accepted, it is closing, or it is closed.
  case notOpen
  /// The message is longer than the session's `message-bytes`; a handler's session is closed 1009.
  case messageTooBig(byteCount: Int, limit: Int)
  /// The peer does not take what it is sent: `backlog-bytes` is reached.
  case backlogFull(byteCount: Int, limit: Int)
  /// Broadcasts and joins only: the engine has stopped.
  case engineStopped

  /// The sentence for a log.
  public var description: String {
    switch self {
    case .notOpen: "the session is not open"
    case .messageTooBig(let count, let limit):
      "the message has \(count) bytes; message-bytes allows \(limit)"
    case .backlogFull(let count, let limit):
      "the peer has yet to take \(count) bytes; backlog-bytes allows \(limit)"
    case .engineStopped: "the engine has stopped"
    }
  }
}

/// A close with an invalid code or reason, or at the wrong time.
public enum CloseError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The code must not be sent: it is reserved, unassigned or out of range (RFC 6455 §7.4).
  case invalidCode(CloseCode)
  /// The reason is longer than 123 bytes of UTF-8 (RFC 6455 §5.5).
  case reasonTooLong(byteCount: Int)
  /// The session has not been accepted yet, or is closed already.
  case notOpen

  /// The sentence for a log or an operator.
  public var description: String {
    switch self {
    case .invalidCode(let code):
      "\(code.rawValue) must not be sent; wants 1000–1003, 1007–1014 or 3000–4999"
    case .reasonTooLong(let count): "the reason has \(count) bytes; a close frame takes 123"
    case .notOpen: "the session is not open"
    }
  }

  /// Checks a code and a reason before they are sent.
  package static func check(_ code: CloseCode, _ reason: String) throws(CloseError) {
    guard code.mayBeSent else { throw .invalidCode(code) }
    guard reason.utf8.count <= FrameEncoder.maximumCloseReasonByteCount else {
      throw .reasonTooLong(byteCount: reason.utf8.count)
    }
  }
}
