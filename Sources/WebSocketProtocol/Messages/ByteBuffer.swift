/// The one growing, owned run of bytes: a partial message, or input kept for the next read.
///
/// It allocates nothing while it is empty, and holds at most twice the bytes that were put into it
/// or that room was made for: memory follows the bytes received, not a length that a peer declared.
@safe
package struct ByteBuffer: ~Copyable {
  /// The head in front of the bytes: an empty buffer is one word, since every session has one.
  private struct Head {
    var count: Int
    var capacity: Int
  }

  private static var headByteCount: Int { 16 }

  private var storage: UnsafeMutableRawPointer?

  /// An empty buffer without an allocation.
  package init() {
    unsafe storage = nil
  }

  deinit {
    unsafe storage?.deallocate()
  }

  /// The number of bytes held.
  package var count: Int { unsafe storage?.load(as: Head.self).count ?? 0 }

  /// The number of bytes that fit without another allocation.
  package var capacity: Int { unsafe storage?.load(as: Head.self).capacity ?? 0 }

  private var base: UnsafeMutableRawPointer? {
    unsafe storage.map { unsafe $0 + Self.headByteCount }
  }

  private mutating func setCount(_ count: Int) {
    guard let storage = unsafe storage else { return }
    unsafe storage.storeBytes(of: Head(count: count, capacity: capacity), as: Head.self)
  }

  /// Whether nothing is held.
  package var isEmpty: Bool {
    count == 0
  }

  /// Appends a copy of `bytes`.
  ///
  /// - Complexity: O(`bytes.count`), amortised over the appends.
  package mutating func append(copying bytes: Span<UInt8>) {
    append(unmasking: bytes, key: 0, finalByteCount: .max)
  }

  /// Appends a copy of `bytes`, masked or unmasked with `key` in the same pass (0: as they are).
  ///
  /// `finalByteCount` is the count that the buffer is known to end with, if it is: growth stops
  /// there instead of at double the need.
  package mutating func append(
    unmasking bytes: Span<UInt8>, key: UInt32, finalByteCount: Int = .max
  ) {
    guard bytes.count > 0 else { return }
    grow(toFit: count + bytes.count, finalByteCount: finalByteCount)
    guard let base = unsafe base else { preconditionFailure("grow(toFit:) left no storage") }
    unsafe bytes.withUnsafeBytes { source in
      guard let from = source.baseAddress else { return }
      unsafe Masking.copy(from: from, to: base + count, byteCount: source.count, key: key)
    }
    setCount(count + bytes.count)
  }

  /// Lets `body` write behind the bytes held, into room for `wanted` bytes or as many as there is
  /// anyway, but never so much that more than `limit` bytes are held; at most 1 GiB at once.
  ///
  /// `body` returns how many bytes it wrote, from the start of the room on.
  ///
  /// - Precondition: fewer than `limit` bytes are held.
  @unsafe
  mutating func append(
    roomFor wanted: Int, upTo limit: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int
  ) {
    precondition(wanted > 0 && count < limit)
    if capacity - count < min(wanted, 4096) {
      let (needed, overflow) = count.addingReportingOverflow(wanted)
      grow(toFit: overflow ? limit : min(needed, limit), finalByteCount: limit)
    }
    guard let base = unsafe base else { preconditionFailure("grow(toFit:) left no storage") }
    let room = min(capacity - count, limit - count, 1 << 30)
    let written = unsafe body(UnsafeMutableRawBufferPointer(start: base + count, count: room))
    precondition(written >= 0 && written <= room)
    setCount(count + written)
  }

  /// Lets `body` read the bytes.
  package func withSpan<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let buffer = unsafe UnsafeRawBufferPointer(start: base, count: count)
    return try unsafe body(Span(_unsafeBytes: buffer))
  }

  /// Drops the first `byteCount` bytes and moves the rest to the front.
  ///
  /// - Complexity: O(`count`)
  package mutating func removeFirst(_ byteCount: Int) {
    precondition(byteCount >= 0 && byteCount <= count)
    guard let base = unsafe base, byteCount > 0 else { return }
    unsafe base.copyMemory(from: base + byteCount, byteCount: count - byteCount)
    setCount(count - byteCount)
  }

  /// Drops the last `byteCount` bytes.
  package mutating func removeLast(_ byteCount: Int) {
    precondition(byteCount >= 0 && byteCount <= count)
    setCount(count - byteCount)
  }

  /// Forgets the bytes and keeps the storage.
  package mutating func removeAll() {
    setCount(0)
  }

  /// Hands the bytes over and is empty, without storage, from here on.
  package mutating func take() -> ByteBuffer {
    var taken = ByteBuffer()
    swap(&taken, &self)
    return taken
  }

  private mutating func grow(toFit needed: Int, finalByteCount: Int) {
    guard needed > capacity else { return }
    let (double, overflow) = needed.multipliedReportingOverflow(by: 2)
    let newCapacity = max(needed, min(overflow ? needed : double, finalByteCount))
    let grown = UnsafeMutableRawPointer.allocate(
      byteCount: Self.headByteCount + newCapacity, alignment: 16)
    unsafe grown.storeBytes(of: Head(count: count, capacity: newCapacity), as: Head.self)
    if let storage = unsafe storage {
      unsafe (grown + Self.headByteCount).copyMemory(
        from: storage + Self.headByteCount, byteCount: count)
      unsafe storage.deallocate()
    }
    unsafe storage = grown
  }
}

/// The storage has one owner and no thread of its own: to send the buffer is to give it away.
extension ByteBuffer: @unchecked Sendable {}
