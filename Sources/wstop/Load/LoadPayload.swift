import Glibc
import WebSocketProtocol

/// What the messages say, and whether an echo is one of them.
///
/// All messages share one text; the first bytes are a stamp made of the message's number, so that
/// an echo that is late, doubled or another connection's is found out. Everything is ASCII, and so
/// it is the same for text and binary messages.
struct LoadPayload: Sendable {
  /// One message: what it takes to write it again.
  struct Message: Equatable {
    /// Its size in bytes.
    var byteCount: Int
    /// Its first bytes, the first one lowest.
    var stamp: UInt64
    /// The key that masks it (RFC 6455 §5.3).
    var maskingKey: UInt32
  }

  /// How many bytes the stamp has, in messages that are as long.
  static let stampByteCount = 8

  /// The kind of all messages.
  let kind: MessageKind
  /// Their sizes.
  let sizes: MessageSizes
  private let text: [UInt8]
  private let isStamped: Bool

  /// Messages of the given sizes.
  init(kind: MessageKind, sizes: MessageSizes) {
    self.kind = kind
    self.sizes = sizes
    // 37 letters: what is moved by a page, a segment or a fragment does not fit any more.
    let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789-".utf8)
    text = (0..<sizes.largest).map { letters[$0 % letters.count] }
    isStamped = true
  }

  /// One message that is always the same.
  init(kind: MessageKind, content: [UInt8]) {
    self.kind = kind
    sizes = MessageSizes(content.count)
    text = content
    isStamped = false
  }

  /// The message that a connection's seed and the message's number stand for.
  ///
  /// Size, masking key and stamp are a function of both (SplitMix64), so that nothing has to be
  /// remembered of a message to send the rest of it, or to know its echo again. RFC 6455 §5.3 wants
  /// keys that a script cannot foresee, for the sake of proxies; here nobody chooses the payload,
  /// so a fast generator whose seeds are random does.
  func message(_ number: Int, seed: UInt64) -> Message {
    var mixed = seed &+ UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ mixed &>> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed &>> 27) &* 0x94D0_49BB_1331_11EB
    mixed ^= mixed &>> 31
    return Message(
      byteCount: sizes.size(for: mixed &>> 32),
      stamp: Self.letters(UInt32(truncatingIfNeeded: number) ^ UInt32(truncatingIfNeeded: seed)),
      maskingKey: UInt32(truncatingIfNeeded: mixed))
  }

  /// Eight letters from a to p, one for each four bits.
  private static func letters(_ number: UInt32) -> UInt64 {
    var spread = UInt64(number)
    spread = (spread | spread &<< 16) & 0x0000_FFFF_0000_FFFF
    spread = (spread | spread &<< 8) & 0x00FF_00FF_00FF_00FF
    spread = (spread | spread &<< 4) & 0x0F0F_0F0F_0F0F_0F0F
    return spread &+ 0x6161_6161_6161_6161
  }

  /// Writes a part of a message over `bytes` from `start` on, masked.
  ///
  /// - Precondition: the part lies in the message, and it fits.
  func write(
    _ part: Range<Int>, of message: Message, to bytes: inout MutableSpan<UInt8>, at start: Int
  ) {
    var from = part.lowerBound
    while isStamped, from < min(Self.stampByteCount, part.upperBound) {
      let key = UInt8(truncatingIfNeeded: message.maskingKey &>> UInt32(24 &- (from & 3) &* 8))
      bytes[start + from - part.lowerBound] = Self.stampByte(from, of: message) ^ key
      from += 1
    }
    guard from < part.upperBound else { return }
    Masking.copy(
      text.span.extracting(from..<part.upperBound),
      key: Masking.rotated(message.maskingKey, by: from), to: &bytes,
      at: start + from - part.lowerBound)
  }

  /// Whether what came at an offset of an echo is what stands there in the message.
  ///
  /// Every byte is compared; that costs less than the kernel's copy of it.
  func matches(_ piece: Span<UInt8>, at offset: Int, of message: Message) -> Bool {
    guard piece.count <= message.byteCount - offset else { return false }
    var from = 0
    while isStamped, from < piece.count, offset + from < Self.stampByteCount {
      guard piece[from] == Self.stampByte(offset + from, of: message) else { return false }
      from += 1
    }
    guard from < piece.count else { return true }
    let expected = text.span.extracting((offset + from)..<(offset + piece.count))
    let came = piece.extracting(from...)
    return expected.withUnsafeBytes { expected in
      came.withUnsafeBytes { came in
        guard let one = expected.baseAddress, let other = came.baseAddress else { return true }
        return memcmp(one, other, came.count) == 0
      }
    }
  }

  private static func stampByte(_ index: Int, of message: Message) -> UInt8 {
    UInt8(truncatingIfNeeded: message.stamp &>> UInt64(index &* 8))
  }
}
