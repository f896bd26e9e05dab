internal import ControlProtocol
internal import Vocabulary

/// Rooms and routes as they were measured last, once a second while a client looks at them.
///
/// Rates are differences of two measurements, so that nothing is counted for them where messages
/// pass. Confined to the control reactor.
struct GroupBoard {
  /// How old a measurement may be before there is another.
  private static let interval = Duration.milliseconds(990)
  /// How long after a question a client is taken to look on.
  private static let patience = Duration.seconds(10)

  /// One kind of groups.
  private struct Side {
    /// The last measurement.
    var measured: GroupMeasurement?
    var askedAt: Instant?
    var isMeasuring = false
    /// The tasks that wait for the next measurement.
    var waiting: [CheckedContinuation<Void, Never>] = []
    /// The answer to the last query: how many rows are admitted, and the rows of its window.
    var window: (query: GroupQuery, total: Int, rows: [GroupRow])?
  }

  private var sides: [GroupKind: Side] = [:]

  /// The window of a query; nil until there was a measurement.
  mutating func list(_ query: GroupQuery, run: String, at now: Instant) -> GroupList? {
    var side = sides[query.kind] ?? Side()
    side.askedAt = now
    defer { sides[query.kind] = side }
    guard let measured = side.measured else { return nil }
    if let window = side.window, window.query == query,
      UTF8Name(window.query.name) == UTF8Name(query.name)
    {
      return list(query, window.total, window.rows, run: run)
    }
    var rows = query.admitted(measured.rows)
    let offset = min(query.offset, max(rows.count - 1, 0))
    let end = offset + min(query.limit ?? rows.count, rows.count - offset)
    // Rows outside the window stay unsorted.
    rows.sort(within: offset..<end, by: query.precedes)
    let window = (query: query, total: rows.count, rows: Array(rows[offset..<end]))
    side.window = window
    return list(query, window.total, window.rows, run: run)
  }

  private func list(
    _ query: GroupQuery, _ total: Int, _ rows: [GroupRow], run: String
  ) -> GroupList {
    GroupList(
      engine: run, kind: query.kind, total: total, offset: min(query.offset, max(total - 1, 0)),
      groups: rows)
  }

  /// Whether there is a measurement that is good enough for a single question.
  func isFresh(_ kind: GroupKind, at now: Instant) -> Bool {
    guard let measuredAt = sides[kind]?.measured?.at else { return false }
    return measuredAt.duration(to: now) < Self.interval * 2
  }

  /// Whether to measure now, because a client looks; a caller that gets true does, and calls
  /// `take`.
  mutating func beginMeasuring(_ kind: GroupKind, at now: Instant) -> Bool {
    guard var side = sides[kind], let askedAt = side.askedAt, !side.isMeasuring,
      askedAt.duration(to: now) < Self.patience
    else { return false }
    if let measuredAt = side.measured?.at, measuredAt.duration(to: now) < Self.interval {
      return false
    }
    side.isMeasuring = true
    sides[kind] = side
    return true
  }

  /// Notes that a task is to wait for a measurement; says whether to make one, as nobody does yet.
  ///
  /// A caller that gets true makes it, and calls `take`.
  mutating func beginAwaiting(_ kind: GroupKind) -> Bool {
    defer { sides[kind, default: Side()].isMeasuring = true }
    return !(sides[kind]?.isMeasuring ?? false)
  }

  /// Resumes a task once the measurement under way is taken.
  mutating func wait(for kind: GroupKind, _ task: CheckedContinuation<Void, Never>) {
    sides[kind, default: Side()].waiting.append(task)
  }

  /// The last measurement, if it is recent enough for rates.
  func last(_ kind: GroupKind, at now: Instant) -> GroupMeasurement? {
    guard let measured = sides[kind]?.measured,
      measured.at.duration(to: now) < Self.patience
    else { return nil }
    return measured
  }

  /// Takes a measurement, and resumes the tasks that wait for it.
  ///
  /// - Returns: whether it is the first one.
  mutating func take(_ measurement: GroupMeasurement, of kind: GroupKind) -> Bool {
    var side = sides[kind] ?? Side()
    let isFirst = side.measured == nil
    let waiting = side.waiting
    side.waiting = []
    side.measured = measurement
    side.isMeasuring = false
    side.window = nil
    sides[kind] = side
    for task in waiting { task.resume() }
    return isFirst
  }
}
