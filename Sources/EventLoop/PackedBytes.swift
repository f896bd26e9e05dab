/// Bytes that never change, in one allocation of their size.
///
/// It is for values kept for each of many sessions: an array would take 32 bytes more, a class 16.
@safe
package struct PackedBytes: ~Copyable, Sendable {
  // `storage` is Sendable although a pointer is not: nobody writes behind it after `init`.
  nonisolated(unsafe) private let storage: UnsafeMutableRawPointer
  // `byteCount` is no `Int`, so that it shares its word with the next property of a class.
  private let byteCount: UInt32

  /// A copy of some bytes.
  ///
  /// - Precondition: fewer than 4 GiB.
  package init(_ bytes: [UInt8]) {
    unsafe storage = .allocate(byteCount: bytes.count, alignment: 1)
    byteCount = UInt32(bytes.count)
    unsafe bytes.withUnsafeBytes { source in
      guard let base = source.baseAddress else { return }
      unsafe storage.copyMemory(from: base, byteCount: source.count)
    }
  }

  deinit {
    unsafe storage.deallocate()
  }

  /// How many bytes there are.
  package var count: Int { Int(byteCount) }

  /// Lends the bytes for reading.
  package func withSpan<Result: ~Copyable, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let buffer = unsafe UnsafeRawBufferPointer(start: storage, count: count)
    return try unsafe body(Span(_unsafeBytes: buffer))
  }
}
