import CZlib

/// A stream that compresses messages, RFC 7692 §7.2.1.
///
/// One thread uses it. Memory is about 2^(window bits + 2) and as much again for the memory level
/// that goes with the window, and 6 KiB.
@safe
package final class Deflater {
  /// The smallest window that zlib deflates with.
  package static let leastWindowBits = 9
  /// The bytes at the end of zlib's window that a distance cannot reach: MIN_LOOKAHEAD.
  private static let unreachableByteCount = 262

  /// Whether a message may refer to earlier ones.
  package let keepsContext: Bool
  // `stream` must not move, since zlib's state points back at it.
  private let stream: UnsafeMutablePointer<z_stream>
  private var mustReset = false

  /// A stream with a window of 2^`windowBits` bytes, 9–15.
  ///
  /// - Parameter level: zlib's, from 1, the fastest, to 9.
  package init(windowBits: Int, level: Int, keepsContext: Bool) {
    precondition((Self.leastWindowBits...15).contains(windowBits) && (1...9).contains(level))
    self.keepsContext = keepsContext
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    let result = unsafe CZlib_deflateInit(
      stream, Int32(level), Int32(windowBits), Int32(windowBits - 7))
    precondition(result == Z_OK, "zlib has no memory for a deflater")
  }

  deinit {
    unsafe deflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// The smallest window, as the base-2 logarithm, in which a message lies whole: a larger one
  /// would not compress it better.
  package static func windowBits(forMessageOf byteCount: Int) -> Int {
    for bits in leastWindowBits..<DeflateParameters.greatestWindowBits
    where byteCount <= 1 << bits - unreachableByteCount {
      return bits
    }
    return DeflateParameters.greatestWindowBits
  }

  /// Makes the next message refer to nothing before it.
  ///
  /// That is always allowed, and due when the peer did not get the last compressed message, or got
  /// another one in between.
  package func forgetContext() { mustReset = true }

  /// Compresses a message into `output`, without the 00 00 FF FF at its end.
  ///
  /// - Returns: false if it would not become smaller: it must be sent as it is, and `output` is
  ///   void.
  package func deflate(_ message: Span<UInt8>, into output: inout ByteBuffer) -> Bool {
    output.removeAll()
    if mustReset || !keepsContext {
      unsafe deflateReset(stream)
      mustReset = false
    }
    let isSmaller = message.count > 0 && deflateAll(message, into: &output)
    // The context is reset, as the peer does not see a message that was compressed in vain.
    if !isSmaller { mustReset = true }
    return isSmaller
  }

  private func deflateAll(_ message: Span<UInt8>, into output: inout ByteBuffer) -> Bool {
    // The limit includes the tail of 4, which is cut off in the end; the rest must be less than the
    // message.
    let limit = message.count + 4
    return unsafe message.withUnsafeBytes { source in
      var offset = 0
      unsafe stream.pointee.avail_in = 0
      while true {
        if unsafe stream.pointee.avail_in == 0, offset < source.count {
          let count = min(source.count - offset, 1 << 30)
          let piece = unsafe source[offset..<(offset + count)]
          unsafe stream.pointee.next_in = UnsafeMutablePointer(
            mutating: UnsafeRawBufferPointer(rebasing: piece).bindMemory(to: UInt8.self).baseAddress
          )
          unsafe stream.pointee.avail_in = UInt32(count)
          offset += count
        }
        guard output.count < limit else { return false }
        let flush = offset == source.count ? Z_SYNC_FLUSH : Z_NO_FLUSH
        unsafe output.append(roomFor: 4096, upTo: limit) { room in
          unsafe stream.pointee.next_out = room.bindMemory(to: UInt8.self).baseAddress
          unsafe stream.pointee.avail_out = UInt32(room.count)
          let result = unsafe CZlib.deflate(stream, flush)
          precondition(result == Z_OK || result == Z_BUF_ERROR, "zlib's stream is sound")
          return unsafe room.count - Int(stream.pointee.avail_out)
        }
        let isDone = unsafe stream.pointee.avail_in == 0 && stream.pointee.avail_out > 0
        if isDone, offset == source.count { break }
      }
      output.removeLast(4)
      return true
    }
  }
}

@available(*, unavailable)
extension Deflater: Sendable {}
