import Glibc
import Vocabulary
package import WebSocketProtocol

/// The content of the messages, by which echoes are checked.
///
/// All messages share one text, rows of JSON as a service would push them; the first bytes are a
/// stamp made of the message's number, so that an echo that is late, doubled or another
/// connection's is found out. Everything is ASCII, and so it is the same for text and binary
/// messages.
package struct LoadPayload: Sendable {
  /// One message, with all that it takes to write it again.
  struct Message: Equatable {
    /// Its size in bytes.
    var byteCount: Int
    /// The size of its frame's payload: less, if it is compressed.
    var frameByteCount: Int
    /// Whether its frame carries it compressed (RFC 7692 §6).
    var isCompressed: Bool
    /// Its first bytes, the first one lowest.
    var stamp: UInt64
    /// The key that masks it (RFC 6455 §5.3).
    var maskingKey: UInt32
  }

  /// How many bytes the stamp has, in messages that are at least so long.
  static let stampByteCount = 8

  /// The kind of all messages.
  package let kind: MessageKind
  /// Their sizes.
  package let sizes: MessageSizes
  private let text: [UInt8]
  private let isStamped: Bool
  /// The compressed form of the message of a size, if it is smaller.
  private let compressed: [Int: [UInt8]]

  /// Messages of the given sizes.
  package init(kind: MessageKind, sizes: MessageSizes) {
    self.kind = kind
    self.sizes = sizes
    text = Self.rows(sizes.largest)
    isStamped = true
    compressed = [:]
  }

  /// One message that is always the same.
  package init(kind: MessageKind, content: [UInt8]) {
    self.kind = kind
    sizes = MessageSizes(content.count)
    text = content
    isStamped = false
    compressed = [:]
  }

  /// The same messages, each size compressed once, and therefore without a stamp.
  ///
  /// The server has the same work with every one of them, and this side has none.
  ///
  /// - Precondition: there are only so many sizes: they are no range.
  package init(compressing other: LoadPayload) {
    kind = other.kind
    sizes = other.sizes
    text = other.text
    isStamped = false
    var forms: [Int: [UInt8]] = [:]
    for byteCount in other.sizes.all {
      let deflater = Deflater(
        windowBits: Deflater.windowBits(forMessageOf: byteCount), level: Self.level,
        keepsContext: false)
      var output = ByteBuffer()
      if deflater.deflate(other.text.span.extracting(..<byteCount), into: &output) {
        forms[byteCount] = output.withSpan { Array(copying: $0) }
      }
    }
    compressed = forms
  }

  /// zlib's default, as clients mostly use it.
  private static let level = 6

  /// Rows of JSON up to a size, no two alike.
  private static func rows(_ byteCount: Int) -> [UInt8] {
    var generator = SplitMix(state: 7692)
    var text: [UInt8] = []
    text.reserveCapacity(byteCount + 96)
    while text.count < byteCount {
      let (id, price) = (generator.next() >> 44, generator.next() >> 48)
      let symbol = String(generator.next() >> 52, radix: 36)
      text += "{\"id\":\(id),\"symbol\":\"\(symbol)\",\"price\":\(price)},\n".utf8
    }
    text.removeLast(text.count - byteCount)
    return text
  }

  /// The message of a number on the connection of a seed.
  ///
  /// Size, masking key and stamp are a function of both (`SplitMix`), so that nothing has to be
  /// remembered of a message to send the rest of it, or to recognise its echo. RFC 6455 §5.3 wants
  /// keys that a script cannot foresee, for the sake of proxies; here no script chooses the
  /// payload, so a fast generator whose seeds are random does.
  func message(_ number: Int, seed: UInt64, mayCompress: Bool = false) -> Message {
    let mixed = SplitMix.number(number, of: seed)
    let byteCount = sizes.size(for: mixed &>> 32)
    let form = mayCompress ? compressed[byteCount] : nil
    return Message(
      byteCount: byteCount, frameByteCount: form?.count ?? byteCount, isCompressed: form != nil,
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

  /// Writes a part of a message's frame over `bytes` from `start` on, masked.
  ///
  /// - Precondition: the part lies in the frame's payload, and it fits.
  func write(
    _ part: Range<Int>, of message: Message, to bytes: inout MutableSpan<UInt8>, at start: Int
  ) {
    if message.isCompressed, let form = compressed[message.byteCount] {
      return Masking.copy(
        form.span.extracting(part), key: Masking.rotated(message.maskingKey, by: part.lowerBound),
        to: &bytes, at: start)
    }
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

  /// Whether a piece of an echo, at an offset, is the same as in the message.
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
    return unsafe expected.withUnsafeBytes { expected in
      unsafe came.withUnsafeBytes { came in
        guard let one = expected.baseAddress, let other = came.baseAddress else { return true }
        return unsafe memcmp(one, other, came.count) == 0
      }
    }
  }

  private static func stampByte(_ index: Int, of message: Message) -> UInt8 {
    UInt8(truncatingIfNeeded: message.stamp &>> UInt64(index &* 8))
  }
}
