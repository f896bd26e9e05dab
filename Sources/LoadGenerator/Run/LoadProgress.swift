import Synchronization

/// The progress of a thread of the load, and its tally when it has ended.
final class LoadProgress: Sendable {
  /// Connections that were opened, at first and again.
  let opened = Atomic(0)
  /// Connections that could not be opened.
  let failed = Atomic(0)
  /// Connections whose opening has succeeded or failed; each is counted once.
  let settled = Atomic(0)
  /// Messages received, or sent where no replies are expected.
  let messages = Atomic(0)
  private let result = Mutex<LoadTally?>(nil)

  /// The tally, once the thread has ended.
  var tally: LoadTally? {
    get { result.withLock { $0 } }
    set { result.withLock { $0 = newValue } }
  }
}
