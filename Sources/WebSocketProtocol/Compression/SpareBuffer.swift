/// A buffer that is used again and again by one thread, so that a message does not cost an
/// allocation.
package final class SpareBuffer {
  /// The most memory that is kept between messages.
  package static let maximumCapacity = 2 << 20

  private var buffer = ByteBuffer()

  /// A buffer that has no memory yet.
  package init() {}

  /// The memory that is kept, in bytes.
  package var capacity: Int { buffer.capacity }

  /// Hands the buffer out, empty.
  package func take() -> ByteBuffer { buffer.take() }

  /// Takes a buffer back to be used again, unless it is larger than is worth keeping.
  package func give(_ returned: consuming ByteBuffer) {
    guard returned.capacity <= Self.maximumCapacity, returned.capacity > buffer.capacity else {
      return
    }
    returned.removeAll()
    buffer = returned
  }
}

@available(*, unavailable)
extension SpareBuffer: Sendable {}
