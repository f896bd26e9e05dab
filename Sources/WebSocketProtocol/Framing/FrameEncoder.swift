package import Vocabulary

/// Writes frames, RFC 6455 §5.2: the length in the fewest bytes, the key as it is given.
///
/// A server passes no masking key; a client passes a fresh, unpredictable one for each frame
/// (§5.3). There is no source of randomness in here.
package enum FrameEncoder {
  /// The most bytes a header has: 2, and 8 of length, and 4 of masking key.
  package static let maximumHeaderByteCount = 14

  /// The most bytes a control frame's payload may have, RFC 6455 §5.5.
  package static let maximumControlPayloadByteCount = 125

  /// The most bytes of UTF-8 a close reason may have: 125 less a close code.
  package static let maximumCloseReasonByteCount = 123

  /// The length of a header.
  @inlinable
  package static func headerByteCount(payloadByteCount: Int, isMasked: Bool) -> Int {
    let lengthByteCount = payloadByteCount <= 125 ? 0 : payloadByteCount <= 0xFFFF ? 2 : 8
    return 2 &+ lengthByteCount &+ (isMasked ? 4 : 0)
  }

  /// Writes a header over the bytes of `bytes` from `offset` on and returns its length.
  ///
  /// - Precondition: the header fits, and a control frame is final and at most 125 bytes long.
  @inlinable
  package static func encodeHeader(
    _ opcode: Opcode, isFinal: Bool, rsv1: Bool = false, payloadByteCount: Int,
    maskingKey: UInt32?, into bytes: inout MutableSpan<UInt8>, at offset: Int
  ) -> Int {
    precondition(payloadByteCount >= 0)
    precondition(!opcode.isControl || (isFinal && payloadByteCount <= 125))
    let maskBit: UInt8 = maskingKey == nil ? 0 : 0x80
    bytes[offset] = (isFinal ? 0x80 : 0) | (rsv1 ? 0x40 : 0) | opcode.rawValue
    var next = offset + 2
    if payloadByteCount <= 125 {
      bytes[offset + 1] = maskBit | UInt8(truncatingIfNeeded: payloadByteCount)
    } else {
      let lengthByteCount = payloadByteCount <= 0xFFFF ? 2 : 8
      bytes[offset + 1] = maskBit | (lengthByteCount == 2 ? 126 : 127)
      for index in 0..<lengthByteCount {
        let shift = (lengthByteCount - 1 - index) * 8
        bytes[next + index] = UInt8(truncatingIfNeeded: payloadByteCount >> shift)
      }
      next += lengthByteCount
    }
    if let maskingKey {
      for index in 0..<4 {
        bytes[next + index] = UInt8(truncatingIfNeeded: maskingKey >> UInt32(24 - index * 8))
      }
      next += 4
    }
    return next - offset
  }

  /// Appends a whole frame, its payload masked if there is a key.
  ///
  /// - Complexity: O(`payload.count`)
  package static func append(
    _ opcode: Opcode, isFinal: Bool = true, rsv1: Bool = false, payload: Span<UInt8>,
    maskingKey: UInt32?, to bytes: inout [UInt8]
  ) {
    let headerByteCount = headerByteCount(
      payloadByteCount: payload.count, isMasked: maskingKey != nil)
    let start = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: headerByteCount + payload.count))
    var span = bytes.mutableSpan
    _ = encodeHeader(
      opcode, isFinal: isFinal, rsv1: rsv1, payloadByteCount: payload.count,
      maskingKey: maskingKey, into: &span, at: start)
    Masking.copy(payload, key: maskingKey ?? 0, to: &span, at: start + headerByteCount)
  }

  /// Appends a close frame; without a code it has no payload (RFC 6455 §5.5.1).
  ///
  /// A reason over 123 bytes is cut at the end of the last character that fits.
  ///
  /// - Precondition: the code may stand on the wire (`CloseCode.mayBeSent`).
  package static func appendClose(
    _ code: CloseCode?, reason: String = "", maskingKey: UInt32?, to bytes: inout [UInt8]
  ) {
    var payload: [UInt8] = []
    if let code {
      precondition(code.mayBeSent, "the code must not be sent (RFC 6455 §7.4)")
      payload.append(UInt8(truncatingIfNeeded: code.rawValue >> 8))
      payload.append(UInt8(truncatingIfNeeded: code.rawValue))
      for scalar in reason.unicodeScalars {
        let encoded = UTF8.encode(scalar).map(Array.init) ?? []
        guard payload.count + encoded.count <= maximumControlPayloadByteCount else { break }
        payload.append(contentsOf: encoded)
      }
    }
    append(.close, payload: payload.span, maskingKey: maskingKey, to: &bytes)
  }
}
