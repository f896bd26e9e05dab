import WebSocketProtocol

/// Finds the boundaries of frames in bytes that this side framed itself: they are well-formed.
enum FrameWalk {
  /// The length of the frame that begins at `offset`, header included.
  static func frameByteCount(in bytes: Span<UInt8>, at offset: Int) -> Int {
    let length = Int(bytes[offset + 1] & 0x7F)
    let keyByteCount = bytes[offset + 1] & 0x80 == 0 ? 0 : 4
    switch length {
    case 126: return 4 + keyByteCount + (Int(bytes[offset + 2]) << 8 | Int(bytes[offset + 3]))
    case 127: return 10 + keyByteCount + (2..<10).reduce(0) { $0 << 8 | Int(bytes[offset + $1]) }
    default: return 2 + keyByteCount + length
    }
  }

  /// How much is left, at `position`, of the frame it lies in; 0 at a boundary.
  ///
  /// - Parameter boundary: the beginning of a frame, at or before `position`.
  static func leftOfFrame(in bytes: Span<UInt8>, from boundary: Int, at position: Int) -> Int {
    var next = boundary
    while next < position { next += frameByteCount(in: bytes, at: next) }
    return next - position
  }

  /// How many messages end in a run of whole frames.
  static func messageCount(in bytes: Span<UInt8>, from start: Int, upTo end: Int) -> Int {
    var count = 0
    var next = start
    while next < end {
      if bytes[next] & 0x80 != 0, bytes[next] & 0x0F < 8 { count += 1 }
      next += frameByteCount(in: bytes, at: next)
    }
    return count
  }
}
