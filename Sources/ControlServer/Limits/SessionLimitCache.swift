internal import ControlProtocol
internal import Vocabulary

/// The limits of single sessions, fetched from reactors at most once a second.
struct SessionLimitCache {
  private static let interval = Duration.seconds(1)

  private(set) var rows: [LimitRow] = []
  private var fetchedAt: Instant?
  private var isFetching = false
  /// Whether a limit was changed since they were asked for.
  private var isOutdated = false

  /// Whether to fetch them now; a caller that gets true does, and calls `take`.
  mutating func beginFetching(at now: Instant) -> Bool {
    if isFetching { return false }
    if let fetchedAt, fetchedAt.duration(to: now) < Self.interval { return false }
    isFetching = true
    isOutdated = false
    return true
  }

  /// Takes the answer of the reactors.
  ///
  /// - Returns: whether a limit was changed meanwhile, so that they are to be asked again.
  mutating func take(_ rows: [LimitRow], at now: Instant) -> Bool {
    isFetching = false
    fetchedAt = isOutdated ? nil : now
    self.rows = rows
    return isOutdated
  }

  /// Notes that a limit was changed, so that the rows may be wrong.
  mutating func invalidate() {
    fetchedAt = nil
    isOutdated = true
  }
}
