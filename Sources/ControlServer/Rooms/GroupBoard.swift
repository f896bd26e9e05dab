internal import ControlProtocol
internal import Vocabulary

/// Rooms, routes and groups of sessions as they were measured last, once a second while a client
/// looks at them.
///
/// Rates of rooms and routes are differences of two measurements, so that nothing is counted for them where messages
/// pass. Confined to the control reactor.
struct GroupBoard {
  /// How old a measurement may be before there is another.
  private static let interval = Duration.milliseconds(990)
  /// How long after a question a client is taken to look on.
  private static let patience = Duration.seconds(10)
  /// How many times as long as a measurement took there is none: each takes an eighth of the thread's
  /// time at most.
  private static let costFactor = 8
  /// The most sources that are kept; one more, and the one that was asked for longest ago goes.
  static let maximumSourceCount = 32

  /// The groups of one source.
  private struct Side {
    /// The last measurement.
    var measured: GroupMeasurement?
    var askedAt: Instant?
    var isMeasuring = false
    /// The tasks that wait for the next measurement.
    var waiting: [CheckedContinuation<Void, Never>] = []
    /// The answer to the last query: how many rows are admitted, and the rows of its window.
    var window: (query: GroupQuery, total: Int, rows: [GroupRow])?

    /// Whether it is being measured, or waited for.
    var isBusy: Bool { isMeasuring || !waiting.isEmpty }
  }

  private var sides: [GroupSource: Side] = [:]

  /// The sources that clients look at.
  var sources: [GroupSource] { Array(sides.keys) }

  /// The window of a query as a role sees it; nil until there was a measurement.
  mutating func list(
    _ query: GroupQuery, for role: ControlRole = .operate, run: String, at now: Instant
  ) -> GroupList? {
    let source = GroupSource(query, for: role)
    if sides[source] == nil { makeRoom() }
    var side = sides[source] ?? Side()
    side.askedAt = now
    defer { sides[source] = side }
    guard let measured = side.measured else { return nil }
    if let window = side.window, window.query == query,
      UTF8Name(window.query.name) == UTF8Name(query.name)
    {
      return list(query, window.total, window.rows, of: measured, run: run)
    }
    var rows = query.admitted(measured.rows)
    let offset = min(query.offset, max(rows.count - 1, 0))
    let end = offset + min(query.limit ?? rows.count, rows.count - offset)
    // Rows outside the window stay unsorted.
    rows.sort(within: offset..<end, by: query.precedes)
    let window = (query: query, total: rows.count, rows: Array(rows[offset..<end]))
    side.window = window
    return list(query, window.total, window.rows, of: measured, run: run)
  }

  private func list(
    _ query: GroupQuery, _ total: Int, _ rows: [GroupRow], of measured: GroupMeasurement,
    run: String
  ) -> GroupList {
    var list = GroupList(
      engine: run, kind: query.kind, total: total, offset: min(query.offset, max(total - 1, 0)),
      groups: rows)
    list.by = query.by
    list.leftOutSessions = measured.leftOutSessionCount
    return list
  }

  /// Forgets groups of sessions that nobody has asked for lately: clients choose their names, and
  /// each takes memory.
  mutating func forgetIdle(at now: Instant) {
    sides = sides.filter { source, side in
      source.by == nil || side.isBusy
        || side.askedAt.map { $0.duration(to: now) < Self.patience } ?? false
    }
  }

  /// Forgets the source that was asked for longest ago where there is no room for one more.
  private mutating func makeRoom() {
    guard sides.count >= Self.maximumSourceCount else { return }
    let first = Instant(nanoseconds: .min)
    let oldest = sides.filter { !$0.value.isBusy }.min {
      ($0.value.askedAt ?? first) < ($1.value.askedAt ?? first)
    }
    if let oldest { sides[oldest.key] = nil }
  }

  /// Whether there is a measurement that is good enough for a single question.
  func isFresh(_ source: GroupSource, at now: Instant) -> Bool {
    guard let measuredAt = sides[source]?.measured?.at else { return false }
    return measuredAt.duration(to: now) < Self.interval * 2
  }

  /// Whether to measure now, because a client looks; a caller that gets true does, and calls
  /// `take`.
  mutating func beginMeasuring(_ source: GroupSource, at now: Instant) -> Bool {
    guard var side = sides[source], let askedAt = side.askedAt, !side.isMeasuring,
      askedAt.duration(to: now) < Self.patience
    else { return false }
    if let measured = side.measured,
      measured.at.duration(to: now) < max(Self.interval, measured.cost * Self.costFactor)
    {
      return false
    }
    side.isMeasuring = true
    sides[source] = side
    return true
  }

  /// Notes that a task is to wait for a measurement; says whether to make one, as nobody does yet.
  ///
  /// A caller that gets true makes it, and calls `take`.
  mutating func beginAwaiting(_ source: GroupSource) -> Bool {
    defer { sides[source, default: Side()].isMeasuring = true }
    return !(sides[source]?.isMeasuring ?? false)
  }

  /// Resumes a task once the measurement under way is taken.
  mutating func wait(for source: GroupSource, _ task: CheckedContinuation<Void, Never>) {
    sides[source, default: Side()].waiting.append(task)
  }

  /// The last measurement, if it is recent enough for rates.
  func last(_ source: GroupSource, at now: Instant) -> GroupMeasurement? {
    guard let measured = sides[source]?.measured,
      measured.at.duration(to: now) < Self.patience
    else { return nil }
    return measured
  }

  /// Takes a measurement, and resumes the tasks that wait for it.
  ///
  /// - Returns: whether it is the first one.
  mutating func take(_ measurement: GroupMeasurement, of source: GroupSource) -> Bool {
    var side = sides[source] ?? Side()
    let isFirst = side.measured == nil
    let waiting = side.waiting
    side.waiting = []
    side.measured = measurement
    side.isMeasuring = false
    side.window = nil
    sides[source] = side
    for task in waiting { task.resume() }
    return isFirst
  }
}
