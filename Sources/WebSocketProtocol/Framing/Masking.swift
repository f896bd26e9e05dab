/// The masking of RFC 6455 §5.3: byte `i` of a payload XOR byte `i mod 4` of the masking key.
///
/// One kernel does every case: 64 bytes at a time (four SSE registers), then words of 8 and 4,
/// then the last bytes; loads and stores need no alignment. A byte loop with `i % 4` measures
/// twenty times slower. The key is the RFC's 32-bit number, its first byte on the wire the most
/// significant one.
package enum Masking {
  /// The key for a payload from which `byteCount` bytes were already taken.
  @inlinable
  package static func rotated(_ key: UInt32, by byteCount: Int) -> UInt32 {
    let bits = UInt32(truncatingIfNeeded: byteCount & 3) &* 8
    return key &<< bits | key &>> (32 &- bits)
  }

  /// Masks or unmasks, in place, the bytes of `range`, whose first one meets the key's first byte.
  ///
  /// - Complexity: O(`range.count`)
  package static func apply(
    key: UInt32, to bytes: inout MutableSpan<UInt8>, in range: Range<Int>
  ) {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
    unsafe bytes.withUnsafeMutableBytes { buffer in
      guard let base = buffer.baseAddress else { return }
      let start = unsafe base + range.lowerBound
      unsafe copy(from: start, to: start, byteCount: range.count, key: key)
    }
  }

  /// Copies `source` over the bytes of `bytes` from `offset` on, masking it on the way.
  ///
  /// With a key of 0 it is a plain copy.
  ///
  /// - Complexity: O(`source.count`)
  package static func copy(
    _ source: Span<UInt8>, key: UInt32, to bytes: inout MutableSpan<UInt8>, at offset: Int
  ) {
    precondition(offset >= 0 && offset <= bytes.count && source.count <= bytes.count - offset)
    unsafe bytes.withUnsafeMutableBytes { target in
      unsafe source.withUnsafeBytes { source in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        unsafe copy(from: from, to: to + offset, byteCount: source.count, key: key)
      }
    }
  }

  /// The kernel; `source` and `target` are the same address or do not overlap.
  @inline(__always)
  static func copy(
    from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, byteCount: Int, key: UInt32
  ) {
    let word = key.bigEndian
    let doubleWord = UInt64(word) &* 0x1_0000_0001
    let wide = SIMD8<UInt64>(repeating: doubleWord)
    var offset = 0
    while byteCount &- offset >= 64 {
      let block = unsafe source.loadUnaligned(fromByteOffset: offset, as: SIMD8<UInt64>.self)
      unsafe target.storeBytes(of: block ^ wide, toByteOffset: offset, as: SIMD8<UInt64>.self)
      offset &+= 64
    }
    while byteCount &- offset >= 8 {
      let block = unsafe source.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      unsafe target.storeBytes(of: block ^ doubleWord, toByteOffset: offset, as: UInt64.self)
      offset &+= 8
    }
    if byteCount &- offset >= 4 {
      let block = unsafe source.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
      unsafe target.storeBytes(of: block ^ word, toByteOffset: offset, as: UInt32.self)
      offset &+= 4
    }
    var rest = key
    while offset < byteCount {
      rest = rest &<< 8 | rest &>> 24
      let byte = unsafe source.load(fromByteOffset: offset, as: UInt8.self)
      unsafe target.storeBytes(
        of: byte ^ UInt8(truncatingIfNeeded: rest), toByteOffset: offset, as: UInt8.self)
      offset &+= 1
    }
  }
}
