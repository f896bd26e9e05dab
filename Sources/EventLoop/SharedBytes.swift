/// Bytes that are written once, while they are made, and then shared: a frame sent to many, or a
/// long message that leaves piece by piece.
@safe
package final class SharedBytes: Sendable {
  // `storage` is Sendable although a pointer is not: nobody writes behind it after `init`.
  nonisolated(unsafe) private let storage: UnsafeMutableBufferPointer<UInt8>
  /// The account that counts the bytes for as long as they live; nil: their holders count them.
  private let account: ByteAccount?

  /// The bytes of an object beside its content: its own allocation, and the rounding of both.
  package static let boxByteCount = 80

  /// A copy of a span.
  package convenience init(copying span: Span<UInt8>, account: ByteAccount? = nil) {
    self.init(head: [], copying: span, account: account)
  }

  /// A head and a copy of a span behind it.
  ///
  /// - Parameter account: counts the bytes, box included, from here to the last reference to them.
  package init(head: [UInt8], copying span: Span<UInt8>, account: ByteAccount? = nil) {
    self.account = account
    account?.add(head.count + span.count + Self.boxByteCount)
    unsafe storage = .allocate(capacity: head.count + span.count)
    unsafe span.withUnsafeBufferPointer { bytes in
      let end = unsafe storage.update(fromContentsOf: head)
      _ = unsafe storage[end...].update(fromContentsOf: bytes)
    }
  }

  deinit {
    account?.add(-heldByteCount)
    unsafe storage.deallocate()
  }

  /// How many bytes there are.
  package var count: Int { unsafe storage.count }

  /// The memory that they take, in bytes, with the object that holds them.
  package var heldByteCount: Int { count + Self.boxByteCount }

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
