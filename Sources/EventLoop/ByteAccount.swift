internal import Synchronization

/// The bytes that an engine holds for others: one count, which all of its threads add to.
///
/// A reactor adds what its sessions hold once a turn; bytes that many share, and bytes on their way
/// between threads, are added when they are made and subtracted when they are let go.
package final class ByteAccount: Sendable {
  private let bytes = Atomic<Int>(0)

  /// An account of nothing.
  package init() {}

  /// The bytes held; those of reactors' sessions a turn old.
  package var byteCount: Int { bytes.load(ordering: .relaxed) }

  /// Adds to the bytes held, or takes from them; from any thread.
  package func add(_ difference: Int) {
    guard difference != 0 else { return }
    bytes.wrappingAdd(difference, ordering: .relaxed)
  }
}
