internal import ControlProtocol
internal import Vocabulary

/// The limits that sessions have of their own, fetched from reactors at most once a second.
struct SessionLimitCache {
  private static let interval = Duration.seconds(1)

  private(set) var rows: [LimitRow] = []
  private var fetchedAt: Instant?
  private var isFetching = false

  /// Whether to fetch them now; whoever is told so does, and calls `take`.
  mutating func beginFetching(at now: Instant) -> Bool {
    if isFetching { return false }
    if let fetchedAt, fetchedAt.duration(to: now) < Self.interval { return false }
    isFetching = true
    return true
  }

  /// The reactors have answered.
  mutating func take(_ rows: [LimitRow], at now: Instant) {
    isFetching = false
    fetchedAt = now
    self.rows = rows
  }

  /// A limit was changed: what is known may be wrong.
  mutating func invalidate() {
    fetchedAt = nil
  }
}
