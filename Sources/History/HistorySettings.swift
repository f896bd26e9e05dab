/// Where the history is kept, and how much of it.
package struct HistorySettings: Equatable, Sendable {
  /// The file; nil: in memory alone.
  package var path: String?
  /// How old an entry gets.
  package var maximumAge = Duration.seconds(30 * 86_400)
  /// How much of the file entries may use, in bytes; the oldest go first.
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
