package import ControlProtocol

/// A keeper of the history: the control server hands closed sessions and events to it, and asks it
/// for pages of them.
///
/// No call waits: an entry that cannot be kept is counted as lost.
package protocol HistoryKeeper: Sendable {
  /// Takes an entry, from any thread.
  ///
  /// - Parameter entry: makes the entry, once, on a thread of the keeper's own.
  func keep(_ entry: @escaping @Sendable () -> HistoryEntry)

  /// Looks for a page, and sees all entries handed over before.
  ///
  /// - Parameters:
  ///   - query: its filter and its limit have been checked.
  ///   - then: called with the page, its `engine` empty, or with the failure; once, on a thread of
  ///     the keeper's own, or at once if too many others wait.
  func page(
    _ query: HistoryQuery, then: @escaping @Sendable (Result<HistoryPage, ControlError>) -> Void)

  /// The statistics of the history.
  var statistics: HistoryStatistics { get }

  /// The notices since the last call.
  func takeNotices() -> [HistoryNotice]
}

/// A notice of a change in the history's state.
package enum HistoryNotice: Hashable, Sendable {
  /// The file cannot be used: the reason.
  case lost(String)
  /// The run before this one ended without a stop; how many seconds ago its last entry was made.
  case unfinished(run: String, ago: Double)
  /// The file is used again, and so many entries kept meanwhile were written to it.
  case regained(count: Int)
}
