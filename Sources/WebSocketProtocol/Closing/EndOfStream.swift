package import Vocabulary

/// The place at which the peer's byte stream ended.
package enum EndOfStream: Hashable, Sendable {
  /// After the peer's close frame: as it should.
  case afterCloseFrame
  /// After this endpoint had stopped listening, having failed the connection or given it up.
  case afterDiscard
  /// Between two messages, without a close frame.
  case betweenMessages
  /// Between two fragments of a message.
  case insideMessage
  /// Inside a frame.
  case insideFrame

  /// The code in place of the peer's: 1006 if no close frame came (RFC 6455 §7.1.5).
  package var closeCode: CloseCode? {
    switch self {
    case .afterCloseFrame: nil
    case .afterDiscard, .betweenMessages, .insideMessage, .insideFrame: .abnormalClosure
    }
  }
}
