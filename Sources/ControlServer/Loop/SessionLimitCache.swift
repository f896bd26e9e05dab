internal import ControlProtocol
internal import Vocabulary

/// The limits that sessions have of their own, fetched from reactors at most once a second.
struct SessionLimitCache {
  private static let interval = Duration.seconds(1)

  private(set) var rows: [LimitRow] = []
  private var fetchedAt: Instant?
  private var isFetching = false
  /// Whether a limit was changed since they were asked for.
  private var isOutdated = false

  /// Whether to fetch them now; whoever is told so does, and calls `take`.
  mutating func beginFetching(at now: Instant) -> Bool {
    if isFetching { return false }
    if let fetchedAt, fetchedAt.duration(to: now) < Self.interval { return false }
    isFetching = true
    isOutdated = false
    return true
  }

  /// The reactors have answered.
  ///
  /// - Returns: whether a limit was changed meanwhile, so that they are to be asked again.
  mutating func take(_ rows: [LimitRow], at now: Instant) -> Bool {
    isFetching = false
    fetchedAt = isOutdated ? nil : now
    self.rows = rows
    return isOutdated
  }

  /// A limit was changed: what is known may be wrong.
  mutating func invalidate() {
    fetchedAt = nil
    isOutdated = true
  }
}
