/// Bytes that are written once, while they are made, and then shared: a frame sent to many, or a
/// long message that leaves piece by piece.
@safe
package final class SharedBytes: Sendable {
  // Sendable although a pointer is not: nobody writes behind it after `init`.
  nonisolated(unsafe) private let storage: UnsafeMutableBufferPointer<UInt8>

  /// A copy of a span.
  package convenience init(copying span: Span<UInt8>) {
    self.init(head: [], copying: span)
  }

  /// A head and a copy of a span behind it.
  package init(head: [UInt8], copying span: Span<UInt8>) {
    unsafe storage = .allocate(capacity: head.count + span.count)
    unsafe span.withUnsafeBufferPointer { bytes in
      let end = unsafe storage.update(fromContentsOf: head)
      _ = unsafe storage[end...].update(fromContentsOf: bytes)
    }
  }

  deinit {
    unsafe storage.deallocate()
  }

  /// How many bytes there are.
  package var count: Int { unsafe storage.count }

  /// Lends the bytes for reading.
  package func withSpan<Result: ~Copyable, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(unsafe storage.span)
  }

  /// A range of the bytes, for a gathered write; valid while this object lives.
  @unsafe
  package func buffer(of range: Range<Int>) -> UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(storage)[range])
  }
}

/// A range of shared bytes.
package struct SharedSlice: Sendable {
  /// The bytes.
  package var bytes: SharedBytes
  /// The range of them.
  package var range: Range<Int>

  /// A range of shared bytes.
  package init(_ bytes: SharedBytes, _ range: Range<Int>) {
    self.bytes = bytes
    self.range = range
  }
}
