import Vocabulary
import WebSocketProtocol

/// Reads a server's frames without keeping them: messages are compared as they come and let go.
///
/// Unlike `FrameReceiver` it assembles nothing, so that a message may be longer than any buffer, and
/// costs no allocation. A compressed message alone is kept until it is whole.
struct EchoReader: ~Copyable {
  /// An item of the server's bytes.
  enum Item: Equatable {
    /// The end of a message.
    case message(Reply)
    /// A ping with its payload in place.
    case ping(Range<Int>)
    /// A pong.
    case pong
    /// The server's close frame.
    case close(CloseCode?, reason: String)
  }

  /// A message at its end.
  struct Reply: Equatable {
    /// Its size, over all its fragments.
    var byteCount: Int
    /// Whether it is, byte by byte and in its kind, the message that was expected.
    var isEcho: Bool
  }

  private var isInPayload = false
  private var isReceivingMessage = false
  private var isFinalFrame = false
  private var missingByteCount = 0
  private var receivedByteCount = 0
  private var isEcho = true
  /// Whether the message under way is compressed.
  private var isCompressed = false
  private var compressed = ByteBuffer()

  /// The most bytes of a compressed message, and of what it inflates to: a server under test is not
  /// trusted with this side's memory.
  static let maximumKeptByteCount = MessageSizes.maximumByteCount

  /// Reads on at `cursor`, no further than the end of `bytes`.
  ///
  /// Nil means that more bytes are needed: the bytes from `cursor` on, at most 139, are to be
  /// presented again in front of the next ones.
  ///
  /// - Parameters:
  ///   - expected: the message whose echo comes next; nil: no message is an echo.
  ///   - inflater: inflates compressed messages; nil: permessage-deflate was not negotiated.
  /// - Throws: the `ProtocolViolation` that the server committed.
  mutating func next(
    in bytes: Span<UInt8>, from cursor: inout Int, expecting expected: LoadPayload.Message?,
    of payload: borrowing LoadPayload, inflater: Inflater? = nil
  ) throws(ProtocolViolation) -> Item? {
    while true {
      if isInPayload {
        let count = min(missingByteCount, bytes.count - cursor)
        if isCompressed {
          compressed.append(copying: bytes.extracting(cursor..<(cursor + count)))
        } else if let expected, isEcho {
          isEcho = payload.matches(
            bytes.extracting(cursor..<(cursor + count)), at: receivedByteCount, of: expected)
        }
        cursor += count
        missingByteCount -= count
        receivedByteCount += count
        guard missingByteCount == 0 else { return nil }
        isInPayload = false
        guard isFinalFrame else { continue }
        isReceivingMessage = false
        if isCompressed { try inflate(with: inflater, expecting: expected, of: payload) }
        let isWhole = receivedByteCount == expected?.byteCount
        return .message(Reply(byteCount: receivedByteCount, isEcho: isEcho && isWhole))
      }
      let expectation = FrameHeader.Expectation(
        role: .client, isReceivingMessage: isReceivingMessage,
        permitsCompression: inflater != nil, isMessageCompressed: isCompressed,
        receivedByteCount: receivedByteCount, maximumMessageByteCount: .max)
      guard
        let header = try FrameHeader.decode(
          from: bytes, at: cursor, upTo: bytes.count, expecting: expectation)
      else { return nil }
      let start = cursor + header.byteCount
      if header.opcode.isControl {
        guard header.payloadByteCount <= bytes.count - start else { return nil }
        cursor = start + header.payloadByteCount
        switch header.opcode {
        case .ping: return .ping(start..<cursor)
        case .pong: return .pong
        default:
          let payload = try ClosePayload(bytes.extracting(start..<cursor))
          return .close(payload.code, reason: payload.reason)
        }
      }
      cursor = start
      if header.opcode != .continuation {
        isReceivingMessage = true
        receivedByteCount = 0
        isCompressed = header.rsv1
        isEcho = header.opcode == payload.kind.opcode
      }
      let byteCount = receivedByteCount + header.payloadByteCount
      guard !isCompressed || byteCount <= Self.maximumKeptByteCount else {
        throw .messageTooBig(limit: Self.maximumKeptByteCount, byteCount: byteCount)
      }
      isFinalFrame = header.isFinal
      missingByteCount = header.payloadByteCount
      isInPayload = true
    }
  }
  /// Inflates a message that is whole, and compares it.
  private mutating func inflate(
    with inflater: Inflater?, expecting expected: LoadPayload.Message?,
    of payload: borrowing LoadPayload
  ) throws(ProtocolViolation) {
    guard let inflater else { throw .reservedBits }
    var message = ByteBuffer()
    try compressed.withSpan { bytes throws(ProtocolViolation) in
      try inflater.inflateMessage(bytes, into: &message, limit: Self.maximumKeptByteCount)
    }
    compressed.removeAll()
    receivedByteCount = message.count
    if let expected, isEcho {
      isEcho = message.withSpan { payload.matches($0, at: 0, of: expected) }
    }
    inflater.spare.give(message)
  }
}
