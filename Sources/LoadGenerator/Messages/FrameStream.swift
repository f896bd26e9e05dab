import WebSocketProtocol

/// The output of a connection as one run of bytes that can be made from any place on.
///
/// A short write costs no copy: the bytes that were not taken are made again. A connection
/// therefore holds a position and no output, however many messages are due on it and however long
/// the server does not read.
struct FrameStream: Sendable {
  /// A place between two bytes.
  struct Position: Equatable, Sendable {
    /// The number of the message whose frame is under way or comes next.
    var message = 0
    /// The number of bytes of that frame before the place.
    var offset = 0

    /// How many messages have begun before the place.
    var begunCount: Int { message + (offset > 0 ? 1 : 0) }
  }

  /// The seed that the messages are made from.
  let seed: UInt64
  /// Whether messages may be compressed: both sides have agreed on it.
  var isCompressing = false
  /// The place up to which the bytes have been sent.
  private(set) var position = Position()

  /// A stream from its first message on.
  init(seed: UInt64) {
    self.seed = seed
  }

  /// Writes the next bytes, as many of them as fit and come before message `end`.
  ///
  /// - Returns: how many bytes that are, and the place behind them.
  func fill(
    _ bytes: inout MutableSpan<UInt8>, until end: Int, from payload: borrowing LoadPayload
  ) -> (byteCount: Int, position: Position) {
    var next = position
    var written = 0
    while next.message < end {
      let message = message(next.message, of: payload)
      let headerByteCount = FrameEncoder.headerByteCount(
        payloadByteCount: message.frameByteCount, isMasked: true)
      guard bytes.count - written >= FrameEncoder.maximumHeaderByteCount else { break }
      if next.offset == 0 {
        _ = encodeHeader(of: message, payload.kind, into: &bytes, at: written)
        written += headerByteCount
        next.offset = headerByteCount
      } else if next.offset < headerByteCount {
        written += writeRestOfHeader(of: message, payload.kind, next.offset, &bytes, at: written)
        next.offset = headerByteCount
      }
      let from = next.offset - headerByteCount
      let count = min(message.frameByteCount - from, bytes.count - written)
      payload.write(from..<(from + count), of: message, to: &bytes, at: written)
      written += count
      next.offset += count
      guard from + count == message.frameByteCount else { break }
      next = Position(message: next.message + 1)
    }
    return (written, next)
  }

  /// Notes that everything up to a place from `fill` has been sent.
  mutating func advance(to position: Position) {
    self.position = position
  }

  /// Notes that so many bytes from `fill` have been sent, and no more.
  ///
  /// - Complexity: O(messages in those bytes)
  mutating func advance(by byteCount: Int, in payload: borrowing LoadPayload) {
    var rest = byteCount
    while rest > 0 {
      let size = message(position.message, of: payload).frameByteCount
      let frame =
        FrameEncoder.headerByteCount(payloadByteCount: size, isMasked: true) + size
      guard rest >= frame - position.offset else {
        position.offset += rest
        return
      }
      rest -= frame - position.offset
      position = Position(message: position.message + 1)
    }
  }

  /// One of the messages.
  func message(
    _ number: Int, of payload: borrowing LoadPayload
  ) -> LoadPayload.Message {
    payload.message(number, seed: seed, mayCompress: isCompressing)
  }

  private func encodeHeader(
    of message: LoadPayload.Message, _ kind: MessageKind, into bytes: inout MutableSpan<UInt8>,
    at offset: Int
  ) -> Int {
    FrameEncoder.encodeHeader(
      kind.opcode, isFinal: true, rsv1: message.isCompressed,
      payloadByteCount: message.frameByteCount, maskingKey: message.maskingKey, into: &bytes,
      at: offset)
  }

  /// Writes the rest of a header, inside of which the write before ended; this is very rare.
  private func writeRestOfHeader(
    of message: LoadPayload.Message, _ kind: MessageKind, _ sentByteCount: Int,
    _ bytes: inout MutableSpan<UInt8>, at start: Int
  ) -> Int {
    var header = [UInt8](repeating: 0, count: FrameEncoder.maximumHeaderByteCount)
    var span = header.mutableSpan
    let headerByteCount = encodeHeader(of: message, kind, into: &span, at: 0)
    for index in sentByteCount..<headerByteCount {
      bytes[start + index - sentByteCount] = header[index]
    }
    return headerByteCount - sentByteCount
  }
}
