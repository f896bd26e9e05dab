internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine

/// Adds up the live sessions that a filter matches, by one of their fields, over as many turns as it
/// takes.
///
/// Rates are those of the sessions in the last second. Confined to the control reactor.
final class SessionCensus {
  /// The most groups: clients choose their names, and each takes memory.
  static let maximumGroupCount = 4096

  private let by: SessionGrouping
  private let filter: SessionFilter
  private let observation: Observation
  private var walk: SessionWalk
  private var measurement: GroupMeasurement

  /// A census that begins.
  init(_ observation: Observation, by field: SessionGrouping, asking filter: SessionFilter) {
    by = field
    self.filter = filter
    self.observation = observation
    walk = SessionWalk(asking: filter)
    measurement = GroupMeasurement(at: observation.moment.instant)
  }

  /// Goes on until a moment, and gives the measurement if that was the end.
  func step(until deadline: Instant) -> GroupMeasurement? {
    let began = SystemClock.monotonic()
    let isOver = walk.go(over: observation.mirrors, until: deadline) { reactor, record, sample in
      let place = Observation.Place.live(reactor: reactor, record: record)
      let session = observation.session(place, sample)
      guard filter.matches(session, now: observation.moment.seconds) else { return }
      let rates = observation.meter.isWarm ? session.rates ?? SessionRates() : nil
      if by == .tag {
        let tags = observation.tags(place) ?? []
        for tag in tags { add(tag.text, sample, rates) }
        if !tags.isEmpty { return }
      }
      add(name(of: place), sample, rates)
    }
    measurement.cost += began.duration(to: SystemClock.monotonic())
    return isOver ? measurement : nil
  }

  private func add(_ name: String, _ sample: SessionSample, _ rates: SessionRates?) {
    var row = GroupRow(name: name.cut(to: SessionGrouping.maximumNameByteCount))
    row.sessions = 1
    row.messagesIn = sample.messagesIn
    row.messagesOut = sample.messagesOut
    row.bytesIn = sample.bytesIn
    row.bytesOut = sample.bytesOut
    row.backlogBytes = sample.backlog
    if let rates { row.add(rates) }
    measurement.add(row, upTo: Self.maximumGroupCount)
  }

  /// The name of a session's group; empty if it has nothing of the field.
  private func name(of place: Observation.Place) -> String {
    guard let profile = observation.profile(place) else { return "" }
    switch by {
    case .route: return profile.route
    case .address:
      let text = profile.remoteAddress
      return IPAddress(text)?.neighbourhood ?? text
    case .userAgent: return profile.userAgent ?? ""
    case .tag: return ""
    }
  }
}

@available(*, unavailable)
extension SessionCensus: Sendable {}
