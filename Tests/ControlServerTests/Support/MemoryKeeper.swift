import ControlProtocol
import ControlServer
import Synchronization

/// A history that keeps what it is given, for tests to look at.
final class MemoryKeeper: HistoryKeeper {
  private let kept = Mutex<[HistoryEntry]>([])

  /// What was kept, the oldest first.
  var entries: [HistoryEntry] { kept.withLock { $0 } }

  func keep(_ entry: @escaping @Sendable () -> HistoryEntry) {
    kept.withLock { $0.append(entry()) }
  }

  func page(
    _ query: HistoryQuery, then: @escaping @Sendable (Result<HistoryPage, ControlError>) -> Void
  ) {
    then(.success(HistoryPage(engine: "", store: .memory, entries: entries.reversed())))
  }

  var statistics: HistoryStatistics { HistoryStatistics() }

  func takeNotices() -> [HistoryNotice] { [] }
}
