import CZlib

/// A stream that decompresses messages, RFC 7692 §7.2.2, never further than a limit.
///
/// One thread uses it. Memory is 7 KiB, and the window once something is inflated. Without context
/// it serves any number of sessions, each message being whole when it is inflated; with context it
/// is one session's, and inflates as bytes come.
///
/// Data that is no deflate data is 1007: RFC 6455 §7.4.1 has it for "data within a message that was
/// not consistent with the type of the message", and the frames, which 1002 is for, are sound.
@safe
package final class Inflater {
  /// Whether a message may refer to earlier ones.
  package let keepsContext: Bool
  /// The source of buffers for whole messages.
  package let spare: SpareBuffer
  // `stream` must not move, since zlib's state points back at it.
  private let stream: UnsafeMutablePointer<z_stream>
  /// The number of compressed bytes of the message that was ended last.
  package private(set) var messageByteCount = 0
  /// The number of compressed bytes received of the message under way.
  package private(set) var receivedByteCount = 0
  /// Whether bytes came that do not end a message or a final block.
  private var isInsideData = false

  /// A stream with a window of 2^`windowBits` bytes, 8–15.
  package init(windowBits: Int, keepsContext: Bool, spare: SpareBuffer) {
    precondition((8...15).contains(windowBits))
    self.keepsContext = keepsContext
    self.spare = spare
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // Older zlibs compress with 2^9 when told 2^8, which costs 256 bytes to allow for.
    let result = unsafe CZlib_inflateInit(stream, Int32(max(windowBits, 9)))
    precondition(result == Z_OK, "zlib has no memory for an inflater")
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// Inflates a whole message into `output`, which is replaced by a buffer from ``spare``.
  ///
  /// - Throws: `ProtocolViolation.messageTooBig` once `limit` is passed, `deflateDataInvalid`.
  package func inflateMessage(
    _ bytes: Span<UInt8>, into output: inout ByteBuffer, limit: Int
  ) throws(ProtocolViolation) {
    output = spare.take()
    try inflate(bytes, into: &output, limit: limit)
    try endMessage(into: &output, limit: limit)
  }

  /// Inflates the next bytes of a message behind those that `output` has of it.
  ///
  /// - Throws: `ProtocolViolation.messageTooBig` once `limit` is passed, `deflateDataInvalid`.
  package func inflate(
    _ bytes: Span<UInt8>, into output: inout ByteBuffer, limit: Int
  ) throws(ProtocolViolation) {
    guard bytes.count > 0 else { return }
    receivedByteCount &+= bytes.count
    isInsideData = true
    var offset = 0
    while offset < bytes.count {
      let count = min(bytes.count - offset, 1 << 30)
      try inflatePiece(bytes.extracting(offset..<(offset + count)), into: &output, limit: limit)
      offset += count
    }
  }

  /// Ends a message: the tail that was cut off its end is put there again.
  ///
  /// A message that ends behind a final block needs no tail, nor does one without any bytes: both
  /// occur, and neither leaves anything out.
  ///
  /// - Throws: `ProtocolViolation.deflateDataInvalid` if the message ends inside a block.
  package func endMessage(
    into output: inout ByteBuffer, limit: Int
  ) throws(ProtocolViolation) {
    messageByteCount = receivedByteCount
    receivedByteCount = 0
    if isInsideData {
      let tail: InlineArray<4, UInt8> = [0, 0, 0xFF, 0xFF]
      let byteCount = output.count
      try inflatePiece(tail.span, into: &output, limit: limit)
      // Bit 7 is set where zlib stands right behind a block. The tail yields no output itself,
      // unless it is taken into a block that the peer broke off.
      let isWhole = unsafe !isInsideData || stream.pointee.data_type & 128 != 0
      isInsideData = false
      guard isWhole, output.count == byteCount else {
        unsafe inflateReset(stream)
        throw .deflateDataInvalid
      }
    }
    if !keepsContext { unsafe inflateReset(stream) }
  }

  private func inflatePiece(
    _ bytes: Span<UInt8>, into output: inout ByteBuffer, limit: Int
  ) throws(ProtocolViolation) {
    let isValid = unsafe bytes.withUnsafeBytes { source in
      unsafe stream.pointee.next_in = UnsafeMutablePointer(
        mutating: source.bindMemory(to: UInt8.self).baseAddress)
      unsafe stream.pointee.avail_in = UInt32(source.count)
      return inflateInput(into: &output, limit: limit)
    }
    guard isValid, output.count <= limit else {
      // The stream is reset, so that its next user finds it as if nothing had happened.
      unsafe inflateReset(stream)
      isInsideData = false
      receivedByteCount = 0
      guard isValid else { throw .deflateDataInvalid }
      throw .messageTooBig(limit: limit, byteCount: output.count)
    }
  }

  /// Inflates the input until it is used up, the limit is passed by a byte, or the data is wrong.
  private func inflateInput(into output: inout ByteBuffer, limit: Int) -> Bool {
    while output.count <= limit {
      var result = Z_OK
      unsafe output.append(
        roomFor: max(4096, 2 * Int(stream.pointee.avail_in)),
        upTo: limit == .max ? limit : limit + 1
      ) { room in
        unsafe stream.pointee.next_out = room.bindMemory(to: UInt8.self).baseAddress
        unsafe stream.pointee.avail_out = UInt32(room.count)
        result = unsafe CZlib.inflate(stream, Z_SYNC_FLUSH)
        return unsafe room.count - Int(stream.pointee.avail_out)
      }
      let isUsedUp = unsafe stream.pointee.avail_in == 0
      switch result {
      case Z_STREAM_END:
        // A final block ends no message (RFC 7692 §7.2.3.4): others may follow, also in the same
        // message, and refer to what stands before it. This reset alone keeps the window.
        unsafe inflateResetKeep(stream)
        if isUsedUp {
          isInsideData = false
          return true
        }
      case Z_OK, Z_BUF_ERROR:
        if isUsedUp, unsafe stream.pointee.avail_out > 0 { return true }
      default: return false
      }
    }
    return true
  }
}

@available(*, unavailable)
extension Inflater: Sendable {}
