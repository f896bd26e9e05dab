internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine

/// One measurement of rooms or routes.
struct GroupMeasurement {
  /// One row a name, in no order.
  var rows: [GroupRow] = []
  /// The places of the rows, by their names.
  var places: [UTF8Name: Int] = [:]
  /// The time of the measurement.
  let at: Instant
  /// The time that it took.
  var cost = Duration.zero
  /// How many sessions are in groups that were left out.
  var leftOutSessionCount = 0

  /// Adds the counts of a group, or of a part of one, up to so many groups.
  mutating func add(_ row: GroupRow, upTo maximumCount: Int = .max) {
    let name = UTF8Name(row.name)
    if let place = places[name] {
      rows[place].add(row)
      if let rates = row.rates { rows[place].add(rates) }
    } else if rows.count < maximumCount {
      places[name] = rows.count
      rows.append(row)
    } else {
      leftOutSessionCount += row.sessions
    }
  }
}

/// Adds up the counts of the reactors for each group, and their rates since the measurement before,
/// over as many turns as it takes.
///
/// Confined to the control reactor.
final class GroupCensus {
  /// How many rows are looked at before the clock is.
  private static let sliceCount = 64

  private let partCount: Int
  private let part: (Int) -> GroupRow
  private let before: GroupMeasurement?
  private var measurement: GroupMeasurement
  private var addedCount = 0
  private var ratedCount = 0

  /// A census that begins.
  ///
  /// - Parameters:
  ///   - parts: rows; rows of the same name are added up.
  ///   - before: the measurement before; nil if it is too old for rates.
  init(_ parts: [GroupRow], since before: GroupMeasurement?, at now: Instant) {
    partCount = parts.count
    part = { parts[$0] }
    self.before = before
    measurement = GroupMeasurement(at: now)
  }

  /// A census of rooms, as reactors counted them.
  init(_ parts: [RoomCounts], since before: GroupMeasurement?, at now: Instant) {
    partCount = parts.count
    part = { GroupRow(parts[$0]) }
    self.before = before
    measurement = GroupMeasurement(at: now)
  }

  /// Goes on until a moment, and gives the measurement if that was the end.
  func step(until deadline: Instant) -> GroupMeasurement? {
    while addedCount < partCount {
      measurement.add(part(addedCount))
      addedCount += 1
      if addedCount % Self.sliceCount == 0, SystemClock.monotonic() >= deadline { return nil }
    }
    guard let before else { return measurement }
    let seconds = before.at.duration(to: measurement.at).inSeconds
    while ratedCount < measurement.rows.count {
      let name = measurement.rows[ratedCount].name
      // A new room had nothing.
      let old = before.places[UTF8Name(name)].map { before.rows[$0] } ?? GroupRow(name: name)
      measurement.rows[ratedCount].setRates(since: old, seconds: seconds)
      ratedCount += 1
      if ratedCount % Self.sliceCount == 0, SystemClock.monotonic() >= deadline { return nil }
    }
    return measurement
  }
}

@available(*, unavailable)
extension GroupCensus: Sendable {}

extension GroupRow {
  /// Adds the rates of another part of the group.
  fileprivate mutating func add(_ others: Rates) {
    var sum = rates ?? Rates()
    sum.messagesIn += others.messagesIn
    sum.messagesOut += others.messagesOut
    sum.bytesIn += others.bytesIn
    sum.bytesOut += others.bytesOut
    rates = sum
  }

  /// The counts of one reactor for a room.
  fileprivate init(_ counts: RoomCounts) {
    self.init(name: counts.name.text)
    sessions = counts.memberCount
    messagesIn = counts.traffic.messageCount
    bytesIn = counts.traffic.byteCount
    messagesOut = counts.traffic.deliveryCount
    bytesOut = counts.traffic.deliveredByteCount
  }
}
