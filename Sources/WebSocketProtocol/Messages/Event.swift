package import Vocabulary

/// An event in the peer's bytes, one at a time; see ``FrameReceiver/next(in:from:upTo:)``.
///
/// A range counts from the start of the bytes that were passed in, which hold the payload
/// unmasked there.
package enum Event: Hashable, Sendable {
  /// A whole message in one frame, in place; text is valid UTF-8.
  case message(MessageKind, Range<Int>)
  /// A whole message that was put together; it waits in ``FrameReceiver/takeMessage()``.
  case assembledMessage(MessageKind)
  /// A part of a message that does not lie whole in the bytes, in place; only from a receiver that
  /// ``FrameReceiver/passesParts``. The text so far is valid UTF-8, but for a last character cut.
  case part(MessagePart, Range<Int>)
  /// A ping with its payload in place; a pong with the same payload is due (RFC 6455 §5.5.2).
  case ping(Range<Int>)
  /// A pong with its payload in place; it may be unsolicited (RFC 6455 §5.5.3).
  case pong(Range<Int>)
  /// The peer's close frame; nil: it carried no code, which counts as 1005 (RFC 6455 §7.1.5).
  case close(CloseCode?, reason: String)
  /// A broken rule: fail the connection with the violation's close code (RFC 6455 §7.1.7).
  case violation(ProtocolViolation)
}
