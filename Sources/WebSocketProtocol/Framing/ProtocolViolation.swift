public import Vocabulary

/// A rule of RFC 6455 or RFC 7692 that the peer broke: one case a rule, with the values for the
/// log.
public enum ProtocolViolation: Error, Hashable, Sendable {
  /// A reserved bit is set that no negotiated extension uses (§5.2).
  case reservedBits
  /// A control frame is marked as compressed (RFC 7692 §6.1).
  case compressedControlFrame
  /// A continuation frame is marked as compressed, which only a message's first is (RFC 7692 §6.1).
  case compressedContinuation
  /// The opcode has no meaning (§5.2).
  case reservedOpcode(UInt8)
  /// A client sent a frame without masking it (§5.1).
  case unmaskedFrame
  /// A server masked a frame (§5.1).
  case maskedFrame
  /// A control frame has no FIN bit (§5.5).
  case controlFrameFragmented
  /// A control frame has more than 125 bytes (§5.5); the value is its 7-bit length field.
  case controlFrameTooLong(Int)
  /// The payload length is not encoded in the fewest bytes (§5.2).
  case nonMinimalLength
  /// The most significant bit of a 64-bit payload length is set (§5.2).
  case lengthTopBitSet
  /// A continuation frame came with no message under way (§5.4).
  case unexpectedContinuation
  /// A new message began before the one under way had ended (§5.4).
  case expectedContinuation
  /// A close frame's payload is one byte, too short for a close code (§5.5.1).
  case closePayloadOneByte
  /// A close frame carries a code that must not be sent (§7.4).
  case closeCodeInvalid(UInt16)
  /// A close reason is not UTF-8 (§5.5.1).
  case closeReasonNotUTF8
  /// A text message is not UTF-8 (§8.1).
  case textNotUTF8
  /// A compressed message is no deflate data, or ends inside it (RFC 7692 §7.2.2).
  case deflateDataInvalid
  /// A message would pass the endpoint's limit; seen at the frame header (§10.4), or while a
  /// compressed one is inflated.
  ///
  /// `byteCount` is the size of the message with the refused frame, saturated, or with the first
  /// byte over the limit that was inflated.
  case messageTooBig(limit: Int, byteCount: Int)

  /// The code that the connection fails with, RFC 6455 §7.4.1.
  public var closeCode: CloseCode {
    switch self {
    case .reservedBits, .compressedControlFrame, .compressedContinuation, .reservedOpcode,
      .unmaskedFrame, .maskedFrame, .controlFrameFragmented,
      .controlFrameTooLong, .nonMinimalLength, .lengthTopBitSet, .unexpectedContinuation,
      .expectedContinuation, .closePayloadOneByte, .closeCodeInvalid:
      .protocolError
    case .closeReasonNotUTF8, .textNotUTF8, .deflateDataInvalid: .invalidFramePayloadData
    case .messageTooBig: .messageTooBig
    }
  }

  /// A short term for counters and log fields, such as `reserved-bits`; it never changes.
  public var name: String {
    switch self {
    case .reservedBits: "reserved-bits"
    case .compressedControlFrame: "compressed-control-frame"
    case .compressedContinuation: "compressed-continuation"
    case .reservedOpcode: "reserved-opcode"
    case .unmaskedFrame: "unmasked-frame"
    case .maskedFrame: "masked-frame"
    case .controlFrameFragmented: "control-frame-fragmented"
    case .controlFrameTooLong: "control-frame-too-long"
    case .nonMinimalLength: "non-minimal-length"
    case .lengthTopBitSet: "length-top-bit-set"
    case .unexpectedContinuation: "unexpected-continuation"
    case .expectedContinuation: "expected-continuation"
    case .closePayloadOneByte: "close-payload-one-byte"
    case .closeCodeInvalid: "close-code-invalid"
    case .closeReasonNotUTF8: "close-reason-not-utf8"
    case .textNotUTF8: "text-not-utf8"
    case .deflateDataInvalid: "deflate-data-invalid"
    case .messageTooBig: "message-too-big"
    }
  }
}

extension ProtocolViolation: CustomStringConvertible {
  /// One line for a person; it fits a close reason (123 bytes) and holds nothing the peer wrote.
  public var description: String {
    switch self {
    case .reservedBits: "a reserved bit is set without an extension"
    case .compressedControlFrame: "a control frame is marked as compressed"
    case .compressedContinuation: "a continuation frame is marked as compressed"
    case .reservedOpcode(let opcode): "opcode \(opcode) is reserved"
    case .unmaskedFrame: "a client's frame is not masked"
    case .maskedFrame: "a server's frame is masked"
    case .controlFrameFragmented: "a control frame is fragmented"
    case .controlFrameTooLong: "a control frame has more than 125 bytes"
    case .nonMinimalLength: "a payload length is not minimally encoded"
    case .lengthTopBitSet: "a payload length has its top bit set"
    case .unexpectedContinuation: "a continuation frame has no message to continue"
    case .expectedContinuation: "a new message began inside a fragmented one"
    case .closePayloadOneByte: "a close frame has a payload of one byte"
    case .closeCodeInvalid(let code): "close code \(code) must not be sent"
    case .closeReasonNotUTF8: "a close reason is not UTF-8"
    case .textNotUTF8: "a text message is not UTF-8"
    case .deflateDataInvalid: "a compressed message is no deflate data, or not all of it"
    case .messageTooBig(let limit, let byteCount):
      "a message of \(byteCount) bytes is over the limit of \(limit)"
    }
  }
}
