import EventLoop

/// Keys for the frames of clients that nobody can foresee, a fresh one for each (RFC 6455 §5.3);
/// taken from the system many at a time.
///
/// Confined to its reactor.
struct MaskingKeys: ~Copyable {
  private static let byteCount = 4096
  private let bytes = ReactorBuffer(byteCount: byteCount)
  private var offset = byteCount

  /// The next key.
  mutating func next() -> UInt32 {
    if offset == Self.byteCount {
      bytes.withBytes { Syscalls.fillRandomly(&$0) }
      offset = 0
    }
    let start = offset
    offset += 4
    return bytes.withSpan { bytes in
      (start..<start + 4).reduce(0) { $0 &<< 8 | UInt32(bytes[$1]) }
    }
  }
}

@available(*, unavailable)
extension MaskingKeys: Sendable {}
