import Vocabulary
import WebSocketProtocol

/// Reads a server's frames without keeping them: messages are compared as they come and let go.
///
/// Unlike `Endpoint` it assembles nothing, so a message may be longer than any buffer, and costs no
/// allocation.
struct ReplyReader: Sendable {
  /// What the server's bytes amount to, one at a time.
  enum Item: Equatable {
    /// The end of a message.
    case message(Reply)
    /// A ping with its payload in place.
    case ping(Range<Int>)
    /// A pong.
    case pong
    /// The server's close frame.
    case close(CloseCode?)
  }

  /// A message that has come to its end.
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

  /// Reads on at `cursor`, no further than the end of `bytes`.
  ///
  /// Nil means that more bytes are needed: those from `cursor` on, at most 139, are to be presented
  /// again in front of the next ones.
  ///
  /// - Parameter expected: the message whose echo comes next; nil: whatever comes is no echo.
  /// - Throws: the `ProtocolViolation` that the server committed.
  mutating func next(
    in bytes: Span<UInt8>, from cursor: inout Int, expecting expected: LoadPayload.Message?,
    of payload: borrowing LoadPayload
  ) throws(ProtocolViolation) -> Item? {
    while true {
      if isInPayload {
        let count = min(missingByteCount, bytes.count - cursor)
        if let expected, isEcho {
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
        let isWhole = receivedByteCount == expected?.byteCount
        return .message(Reply(byteCount: receivedByteCount, isEcho: isEcho && isWhole))
      }
      let expectation = FrameHeader.Expectation(
        role: .client, isReceivingMessage: isReceivingMessage,
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
        default: return .close(try ClosePayload(bytes.extracting(start..<cursor)).code)
        }
      }
      cursor = start
      if header.opcode != .continuation {
        isReceivingMessage = true
        receivedByteCount = 0
        isEcho = header.opcode == payload.kind.opcode
      }
      isFinalFrame = header.isFinal
      missingByteCount = header.payloadByteCount
      isInPayload = true
    }
  }
}
