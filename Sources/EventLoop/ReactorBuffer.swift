/// Memory of a fixed size that a reactor reads into and writes from, one for all its sessions.
///
/// Not Sendable: it belongs to one thread. Public because only public functions are inlined into
/// other modules, and these are called for every message.
@safe
public final class ReactorBuffer {
  @usableFromInline
  let storage: UnsafeMutableBufferPointer<UInt8>

  /// Zeroed memory.
  public init(byteCount: Int) {
    precondition(byteCount > 0)
    unsafe storage = .allocate(capacity: byteCount)
    unsafe storage.initialize(repeating: 0)
  }

  deinit {
    unsafe storage.deallocate()
  }

  /// The size.
  @inlinable
  public var count: Int { unsafe storage.count }

  /// Lends all of the memory for the duration of a call.
  @inlinable @inline(__always)
  public func withBytes<Result: ~Copyable, Failure: Error>(
    _ body: (inout MutableSpan<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var span = unsafe storage.mutableSpan
    return try body(&span)
  }

  /// Lends all of the memory for reading.
  @inlinable @inline(__always)
  public func withSpan<Result: ~Copyable, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(unsafe storage.span)
  }

  /// Copies bytes in at an offset.
  ///
  /// - Precondition: they fit.
  @inlinable @inline(__always)
  public func copy(_ source: Span<UInt8>, to offset: Int) {
    precondition(offset >= 0 && source.count <= count - offset)
    unsafe source.withUnsafeBytes { bytes in
      guard let from = bytes.baseAddress, let base = unsafe storage.baseAddress else { return }
      unsafe UnsafeMutableRawPointer(base + offset).copyMemory(from: from, byteCount: bytes.count)
    }
  }

  /// A copy of a range.
  public func array(of range: Range<Int>) -> [UInt8] {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return unsafe Array(UnsafeBufferPointer(rebasing: storage[range]))
  }
}

@available(*, unavailable)
extension ReactorBuffer: Sendable {}
