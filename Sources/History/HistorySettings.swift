/// The place of the history, and its limits.
package struct HistorySettings: Equatable, Sendable {
  /// The file; nil: in memory alone.
  package var path: String?
  /// The directory that is made for the file if it is missing; nil: it is there, or is an error.
  package var directory: String?
  /// The engine's run, by which a run that ended without a stop is told from the others.
  package var run = ""
  /// The greatest age of an entry.
  package var maximumAge = Duration.seconds(30 * 86_400)
  /// How many bytes the file may have, its write-ahead log included; the oldest entries go first.
  package var maximumByteCount = 256 << 20
  /// How many entries are kept in memory, where there is no file or it cannot be used.
  package var maximumMemoryCount = 10_000
  /// How long after a failure the file is tried again.
  package var retryInterval = Duration.seconds(5)
  /// The most pages that the file may grow to, for tests of a full disk; nil: any number.
  package var maximumPageCount: Int?

  /// The least that `maximumByteCount` may be: room for some thousands of entries.
  package static let leastByteCount = 1 << 20

  /// A history in a file, or in memory.
  package init(path: String?) {
    self.path = path
  }
}
