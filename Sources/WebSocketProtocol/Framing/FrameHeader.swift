/// The header of one frame, RFC 6455 §5.2.
///
///      0 1 2 3 4 5 6 7   0 1 2 3 4 5 6 7
///     +-+-+-+-+-------+ +-+-------------+ +-----------------+ +-------------+
///     |F|R|R|R|       | |M|             | | extended length | | masking key |
///     |I|S|S|S| opcode| |A| length 0–125| | 16 bits if 126  | | 32 bits     |
///     |N|V|V|V|       | |S| or 126, 127 | | 64 bits if 127  | | if MASK     |
///     | |1|2|3|       | |K|             | |                 | |             |
///     +-+-+-+-+-------+ +-+-------------+ +-----------------+ +-------------+
package struct FrameHeader: Hashable, Sendable {
  /// Whether the frame is the last of its message: FIN.
  package var isFinal: Bool

  /// The bit that permessage-deflate uses (RFC 7692 §6); false while no extension is negotiated.
  package var rsv1: Bool

  /// The kind of frame.
  package var opcode: Opcode

  /// The masking key as the RFC's 32-bit number, or nil for a frame that is not masked.
  package var maskingKey: UInt32?

  /// The length of the payload.
  package var payloadByteCount: Int

  /// A header from its fields.
  package init(
    opcode: Opcode, isFinal: Bool, rsv1: Bool = false, maskingKey: UInt32?, payloadByteCount: Int
  ) {
    self.isFinal = isFinal
    self.rsv1 = rsv1
    self.opcode = opcode
    self.maskingKey = maskingKey
    self.payloadByteCount = payloadByteCount
  }

  /// The length of the header itself on the wire: 2 to 14 bytes.
  package var byteCount: Int {
    FrameEncoder.headerByteCount(
      payloadByteCount: payloadByteCount, isMasked: maskingKey != nil)
  }
}

extension FrameHeader {
  /// The frames that the receiving endpoint's state permits next.
  package struct Expectation: Sendable {
    /// The receiver's role; a server's peer must mask.
    package var role: Role
    /// Whether a fragmented message is under way.
    package var isReceivingMessage: Bool
    /// Whether permessage-deflate was negotiated.
    package var permitsCompression: Bool
    /// Whether the message under way is compressed.
    package var isMessageCompressed: Bool
    /// How many bytes of that message have come.
    package var receivedByteCount: Int
    /// The most bytes a message may have, over all its fragments.
    package var maximumMessageByteCount: Int

    /// An expectation from its fields.
    package init(
      role: Role, isReceivingMessage: Bool, permitsCompression: Bool = false,
      isMessageCompressed: Bool = false, receivedByteCount: Int, maximumMessageByteCount: Int
    ) {
      self.role = role
      self.isReceivingMessage = isReceivingMessage
      self.permitsCompression = permitsCompression
      self.isMessageCompressed = isMessageCompressed
      self.receivedByteCount = receivedByteCount
      self.maximumMessageByteCount = maximumMessageByteCount
    }
  }

  /// Reads the header at `start`; nil while bytes before `end` do not suffice.
  ///
  /// Each rule is applied as soon as the bytes that break it are there, not when the header is
  /// whole: a length over the limit fails before the masking key has come.
  ///
  /// - Throws: the `ProtocolViolation` of the bytes so far.
  @inline(__always)
  package static func decode(
    from bytes: Span<UInt8>, at start: Int, upTo end: Int, expecting expectation: Expectation
  ) throws(ProtocolViolation) -> FrameHeader? {
    let available = end &- start
    guard available >= 1 else { return nil }
    let first = bytes[start]
    let rsv1 = first & 0x70 != 0
    if rsv1 { try checkReservedBits(first, expectation) }
    guard let opcode = Opcode(rawValue: first & 0x0F) else {
      throw .reservedOpcode(first & 0x0F)
    }
    let isFinal = first & 0x80 != 0
    if opcode.isControl {
      // "All control frames […] MUST NOT be fragmented" (§5.5).
      guard isFinal else { throw .controlFrameFragmented }
    } else if (opcode == .continuation) != expectation.isReceivingMessage {
      throw opcode == .continuation ? .unexpectedContinuation : .expectedContinuation
    }

    guard available >= 2 else { return nil }
    let second = bytes[start &+ 1]
    let isMasked = second & 0x80 != 0
    guard isMasked == (expectation.role == .server) else {
      throw isMasked ? .maskedFrame : .unmaskedFrame
    }
    let shortLength = Int(second & 0x7F)
    if opcode.isControl && shortLength > 125 { throw .controlFrameTooLong(shortLength) }
    var offset = start &+ 2
    var payloadByteCount = shortLength
    if shortLength > 125 {
      guard
        let length = try extendedLength(from: bytes, at: offset, upTo: end, marker: shortLength)
      else { return nil }
      payloadByteCount = length
      offset &+= shortLength == 126 ? 2 : 8
    }
    if !opcode.isControl {
      let room = expectation.maximumMessageByteCount &- expectation.receivedByteCount
      guard
        payloadByteCount <= room
          || mayInflate(payloadByteCount, room: room, rsv1: rsv1, opcode, expectation)
      else {
        let (sum, overflow) = payloadByteCount.addingReportingOverflow(
          expectation.receivedByteCount)
        throw .messageTooBig(
          limit: expectation.maximumMessageByteCount, byteCount: overflow ? .max : sum)
      }
    }

    var maskingKey: UInt32?
    if isMasked {
      guard end &- offset >= 4 else { return nil }
      maskingKey =
        UInt32(bytes[offset]) &<< 24 | UInt32(bytes[offset &+ 1]) &<< 16
        | UInt32(bytes[offset &+ 2]) &<< 8 | UInt32(bytes[offset &+ 3])
    }
    return FrameHeader(
      opcode: opcode, isFinal: isFinal, rsv1: rsv1, maskingKey: maskingKey,
      payloadByteCount: payloadByteCount)
  }

  /// Allows RSV1 alone, where it stands for compression: on the first frame of a message.
  @inline(never)
  private static func checkReservedBits(
    _ first: UInt8, _ expectation: Expectation
  ) throws(ProtocolViolation) {
    guard first & 0x70 == 0x40, expectation.permitsCompression else { throw .reservedBits }
    guard first & 0x08 == 0 else { throw .compressedControlFrame }
    guard first & 0x0F != 0 else { throw .compressedContinuation }
  }

  /// Whether a payload that is longer than the room left may still be part of a compressed message
  /// that fits: deflate can make one longer, by an eighth where every byte takes 9 bits (RFC 1951
  /// §3.2.6) and a few bytes a block.
  @inline(never)
  private static func mayInflate(
    _ payloadByteCount: Int, room: Int, rsv1: Bool, _ opcode: Opcode, _ expectation: Expectation
  ) -> Bool {
    guard rsv1 || (expectation.isMessageCompressed && opcode == .continuation) else {
      return false
    }
    let (sum, overflow) = room.addingReportingOverflow(
      expectation.maximumMessageByteCount / 8 + 64)
    return overflow || payloadByteCount <= sum
  }

  /// The 16-bit (marker 126) or 64-bit (marker 127) length at `offset`.
  ///
  /// "The minimal number of bytes MUST be used to encode the length" and "the most significant bit
  /// MUST be 0" (§5.2), so that the length fits an `Int`.
  private static func extendedLength(
    from bytes: Span<UInt8>, at offset: Int, upTo end: Int, marker: Int
  ) throws(ProtocolViolation) -> Int? {
    let byteCount = marker == 126 ? 2 : 8
    guard end &- offset >= byteCount else { return nil }
    var length: UInt64 = 0
    for index in offset..<(offset &+ byteCount) {
      length = length &<< 8 | UInt64(bytes[index])
    }
    guard let representable = Int(exactly: length) else { throw .lengthTopBitSet }
    guard representable > (marker == 126 ? 125 : 0xFFFF) else { throw .nonMinimalLength }
    return representable
  }
}
