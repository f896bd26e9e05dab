internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine

/// An observed session as the subject of a filter.
struct ObservedSubject: SessionFilterSubject {
  /// The source of the session's texts.
  enum Source {
    /// In a mirror; looked up only by a filter that asks for them.
    case live(SessionMirror, record: Int)
    case closed(ClosedSessions.Entry)
  }

  let source: Source
  let meter: RateMeter
  let sample: SessionSample
  let moment: Moment
  let rooms: RoomDirectory
  /// Whether the filter looks at redacted texts.
  var seesSecrets = false

  var id: SessionID { sample.identity.id }
  var state: SessionState { end == nil ? sample.state : .closed }
  var closeInitiator: CloseInitiator? { end?.close.initiator }
  var ipAddress: IPAddress? { profile.flatMap { IPAddress($0.remoteAddress) } }

  func hasText(_ key: FilterTextKey, where test: (Span<UInt8>) -> Bool) -> Bool? {
    switch key {
    case .room: roomNames.map { $0.contains { test($0.utf8.span) } }
    case .tag: tags.map { $0.contains { SessionTag.hasText($0.text, where: test) } }
    default: profile?.hasText(key, where: test)
    }
  }

  func number(_ key: FilterNumberKey, now: Double) -> FilterNumber {
    switch key {
    case .port: FilterNumber(orUnknown: profile.map { Double($0.remotePort) })
    case .age: .value((end?.moment ?? moment).secondsSince(sample.openedAt))
    case .idle: .value((end?.moment ?? moment).secondsSince(sample.lastMessage))
    case .messagesIn: .value(Double(sample.messagesIn))
    case .messagesOut: .value(Double(sample.messagesOut))
    case .bytesIn: .value(Double(sample.bytesIn))
    case .bytesOut: .value(Double(sample.bytesOut))
    case .largest: .value(Double(max(sample.largestIn, sample.largestOut)))
    case .backlog: .value(end == nil ? Double(sample.backlog) : 0)
    case .roundTrip: soFar(sample.roundTripSmoothed.map { Double($0) * 1e-6 })
    case .closed: FilterNumber(orAbsent: end.map { moment.secondsSince($0.moment.instant) })
    case .code: FilterNumber(orAbsent: end.map { Double($0.close.code.rawValue) })
    case .messageRateIn: soFar(rates?.messagesIn)
    case .messageRateOut: soFar(rates?.messagesOut)
    case .byteRateIn: soFar(rates?.bytesIn)
    case .byteRateOut: soFar(rates?.bytesOut)
    case .wireIn: .value(Double(sample.wireIn))
    case .wireOut: .value(Double(sample.wireOut))
    case .ratio:
      sample.flags.contains(SessionFlags.compressed) ? soFar(sample.compressionRatio) : .absent
    case .rooms: FilterNumber(orUnknown: roomNames.map { Double($0.count) })
    }
  }

  /// A number that a live session may still get, and a closed one will not.
  private func soFar(_ number: Double?) -> FilterNumber {
    end == nil ? FilterNumber(orUnknown: number) : FilterNumber(orAbsent: number)
  }

  /// Its rooms; none for a closed session, nil for one opened since rooms were fetched.
  private var roomNames: [String]? { end == nil ? rooms.names(of: id) : [] }

  /// Its tags; nil while it is not known which sessions have any.
  private var tags: [SessionTag]? {
    switch source {
    case .live(let mirror, let record): mirror.tags(ofRecord: record)
    case .closed(let entry): entry.tags
    }
  }

  func flag(_ flag: FilterFlag) -> Bool {
    // A closed session is neither throttled nor tapped.
    if end != nil, flag == .throttled || flag == .tapped { return false }
    return sample.flags.contains(flag)
  }

  /// The rates of a live session; nil for a closed one, for which they are not asked.
  private var rates: SessionRates? {
    guard case .live(let mirror, let record) = source else { return nil }
    return meter.rates(of: id, reactor: mirror.share.index, record: record)
  }

  private var profile: ShownProfile? {
    switch source {
    case .live(let mirror, let record):
      seesSecrets
        ? mirror.shown(ofRecord: record)?.unredacted : mirror.shown(ofRecord: record)
    case .closed(let entry): entry.shown
    }
  }

  private var end: SessionEnd? {
    if case .closed(let entry) = source { entry.end } else { nil }
  }
}

/// A session that is being opened, on its reactor's thread, as the subject of a filter: its
/// profile, and no numbers.
///
/// Only a tap asks, whose role may see everything.
struct OpeningSubject: SessionFilterSubject {
  let profile: ShownProfile
  let flags: SessionFlags

  init(profile: SessionProfile, flags: SessionFlags) {
    self.profile = ShownProfile(profile, redaction: .off)
    self.flags = flags
  }

  var id: SessionID { profile.id }
  var state: SessionState { .open }
  var ipAddress: IPAddress? { IPAddress(profile.remoteAddress) }

  func hasText(_ key: FilterTextKey, where test: (Span<UInt8>) -> Bool) -> Bool? {
    profile.hasText(key, where: test)
  }

  func number(_ key: FilterNumberKey, now: Double) -> FilterNumber {
    key == .port ? .value(Double(profile.remotePort)) : .unknown
  }

  func flag(_ flag: FilterFlag) -> Bool { flags.contains(flag) }
}

extension SessionFlags {
  fileprivate func contains(_ flag: FilterFlag) -> Bool {
    switch flag {
    case .tls: contains(SessionFlags.tls)
    case .compressed: contains(SessionFlags.compressed)
    case .tapped: contains(SessionFlags.tapped)
    case .throttled: contains(SessionFlags.throttled)
    }
  }
}
