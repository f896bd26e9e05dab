internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine

/// An observed session, of which a filter and the order of a table ask for single fields.
struct ObservedSubject: CountedSession {
  let observation: Observation
  let place: Observation.Place
  let sample: SessionSample

  var id: SessionID { sample.identity.id }
  var state: SessionState { isClosed ? .closed : sample.state }
  var closeInitiator: CloseInitiator? { end?.close.initiator }
  var closeCode: CloseCode? { end?.close.code }
  var ipAddress: IPAddress? { profile.flatMap { IPAddress($0.remoteAddress) } }
  var clientPort: Int? { profile?.remotePort }

  var messagesIn: Int { sample.messagesIn }
  var messagesOut: Int { sample.messagesOut }
  var bytesIn: Int { sample.bytesIn }
  var bytesOut: Int { sample.bytesOut }
  var wireBytesIn: Int { sample.wireIn }
  var wireBytesOut: Int { sample.wireOut }
  var largestIn: Int { sample.largestIn }
  var largestOut: Int { sample.largestOut }
  var backlogBytes: Int { isClosed ? 0 : sample.backlog }
  var backlogPeakBytes: Int { sample.backlogPeak }
  var droppedMessages: Int { sample.droppedMessages }
  var roundTripMilliseconds: Double? { sample.roundTripSmoothed.map { Double($0) * 1e-6 } }
  var compressionRatio: Double? { sample.compressionRatio }

  func age(now: Double) -> Double { seconds(since: sample.openedAt) }
  func idle(now: Double) -> Double { seconds(since: sample.lastMessage) }
  func secondsSinceClose(now: Double) -> Double? {
    end.map { observation.moment.secondsSince($0.moment.instant) }
  }

  /// The rates of a live session; nil for a closed one, for which they are not asked.
  var rates: SessionRates? {
    guard case .live(let reactor, let record) = place else { return nil }
    return observation.meter.rates(of: id, reactor: reactor, record: record)
  }

  /// How many rooms it is in; nil for one opened since rooms were fetched.
  var roomCount: Int? { roomNames?.count }

  func hasText(_ field: SessionField, where test: (Span<UInt8>) -> Bool) -> Bool? {
    switch field {
    case .room: roomNames.map { $0.contains { test($0.utf8.span) } }
    case .tag:
      observation.tags(place).map { $0.contains { SessionTag.hasText($0.text, where: test) } }
    case .actor: end?.close.act.map { test($0.actor.utf8.span) } ?? false
    default: hasProfileText(field, where: test)
    }
  }

  private func hasProfileText(
    _ field: SessionField, where test: (Span<UInt8>) -> Bool
  ) -> Bool? {
    guard let shown = profile else { return nil }
    guard observation.seesSecrets else { return shown.hasText(field, where: test) }
    let holds = shown.unredacted.hasText(field, where: test)
    // The mark in the place of a secret is the name of a group; no other text means marks.
    guard holds == false, observation.namesRedactions else { return holds }
    return shown.hasText(field, where: test)
  }

  func flag(_ field: SessionField) -> Bool {
    // A closed session is neither throttled nor tapped.
    if isClosed, field == .throttled || field == .tapped { return false }
    return sample.flags.has(field)
  }

  private var isClosed: Bool { if case .closed = place { true } else { false } }

  private var end: SessionEnd? { observation.end(place) }

  /// The seconds from an instant to now, or to its end.
  private func seconds(since instant: Instant) -> Double {
    guard let end else { return observation.moment.secondsSince(instant) }
    return end.moment.secondsSince(instant)
  }

  /// Its rooms; none for a closed session, nil for one opened since rooms were fetched.
  private var roomNames: [String]? { isClosed ? [] : observation.rooms.names(of: id) }

  private var profile: ShownProfile? { observation.profile(place) }
}
