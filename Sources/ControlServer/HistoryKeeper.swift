package import ControlProtocol

/// Keeps what is over: the control server hands closed sessions and events to it, and asks it for
/// pages of them.
///
/// Nothing here waits: what cannot be kept is counted as lost.
package protocol HistoryKeeper: Sendable {
  /// Takes an entry, from any thread.
  ///
  /// - Parameter entry: makes the entry, once, on a thread of the keeper's own.
  func keep(_ entry: @escaping @Sendable () -> HistoryEntry)

  /// Looks for a page, and sees all that was handed over before.
  ///
  /// - Parameters:
  ///   - query: its filter and its limit have been checked.
  ///   - then: called with the page, its `engine` empty, or with why there is none; once, on a
  ///     thread of the keeper's own, or at once if too many others wait.
  func page(
    _ query: HistoryQuery, then: @escaping @Sendable (Result<HistoryPage, ControlError>) -> Void)

  /// How it fares.
  var statistics: HistoryStatistics { get }

  /// What happened to it since the last call.
  func takeNotices() -> [HistoryNotice]
}

/// Something that happened to the history.
package enum HistoryNotice: Hashable, Sendable {
  /// The file cannot be used: why.
  case lost(String)
  /// The run before this one ended without a stop; how many seconds ago its last entry was made.
  case unfinished(run: String, ago: Double)
  /// The file is used again, and so many entries were written to it that had come meanwhile.
  case regained(count: Int)
}
