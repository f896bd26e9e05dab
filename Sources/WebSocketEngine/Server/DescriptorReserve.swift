import EventLoop
import Synchronization

/// Descriptors held open for nothing, so that the control socket still accepts when none are left.
package final class DescriptorReserve: Sendable {
  /// How many descriptors are held.
  package static let count = 16

  private let held: Mutex<[Int32]>

  /// Takes the descriptors.
  ///
  /// - Throws: `SystemError`, such as EMFILE.
  init() throws(SystemError) {
    held = Mutex([])
    for _ in 0..<Self.count { try take() }
  }

  deinit {
    held.withLock { $0.forEach(Syscalls.close) }
  }

  /// Frees one descriptor for a caller that needs it; false if none is held any more.
  package func lend() -> Bool {
    guard let descriptor = held.withLock({ $0.popLast() }) else { return false }
    Syscalls.close(descriptor)
    return true
  }

  /// Fills the reserve again, as far as the system allows.
  package func refill() {
    while held.withLock({ $0.count }) < Self.count, (try? take()) != nil {}
  }

  private func take() throws(SystemError) {
    let descriptor = try Syscalls.openNothing()
    held.withLock { $0.append(descriptor) }
  }
}
