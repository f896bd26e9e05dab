internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine

/// What a filter sees of an observed session.
struct ObservedSubject: SessionFilterSubject {
  /// Where the session's texts are.
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
  /// Whether the filter looks at what is redacted.
  var seesSecrets = false

  var id: SessionID { sample.identity.id }
  var state: SessionState { end == nil ? sample.state : .closed }
  var closeInitiator: CloseInitiator? { end?.close.initiator }
  var ipAddress: IPAddress? { profile.flatMap { IPAddress($0.remoteAddress) } }

  func hasText(_ key: FilterTextKey, where test: (Span<UInt8>) -> Bool) -> Bool {
    switch key {
    case .room: rooms.names(of: id).contains { test($0.utf8.span) }
    default: profile?.hasText(key, where: test) ?? false
    }
  }

  func number(_ key: FilterNumberKey, now: Double) -> Double? {
    switch key {
    case .port: profile.map { Double($0.remotePort) }
    case .age: (end?.moment.seconds ?? now) - sample.openedAt
    case .idle: (end?.moment ?? moment).secondsSince(sample.lastMessage)
    case .messagesIn: Double(sample.messagesIn)
    case .messagesOut: Double(sample.messagesOut)
    case .bytesIn: Double(sample.bytesIn)
    case .bytesOut: Double(sample.bytesOut)
    case .largest: Double(max(sample.largestIn, sample.largestOut))
    case .backlog: end == nil ? Double(sample.backlog) : 0
    case .roundTrip: sample.roundTripSmoothed.map { Double($0) * 1e-6 }
    case .closed: end.map { now - $0.moment.seconds }
    case .code: end.map { Double($0.close.code.rawValue) }
    case .messageRateIn: rates?.messagesIn
    case .messageRateOut: rates?.messagesOut
    case .byteRateIn: rates?.bytesIn
    case .byteRateOut: rates?.bytesOut
    case .wireIn: Double(sample.wireIn)
    case .wireOut: Double(sample.wireOut)
    case .ratio: sample.compressionRatio
    case .rooms: Double(rooms.names(of: id).count)
    }
  }

  func flag(_ flag: FilterFlag) -> Bool {
    // Nothing is held back from a session that is gone, and nobody looks on.
    if end != nil, flag == .throttled || flag == .tapped { return false }
    return sample.flags.contains(flag)
  }

  /// What a live session does; what is gone does nothing, which is not asked for.
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

/// What a filter sees of a session that is being opened, on its reactor's thread: who it is, and
/// nothing that it did.
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

  func hasText(_ key: FilterTextKey, where test: (Span<UInt8>) -> Bool) -> Bool {
    profile.hasText(key, where: test)
  }

  func number(_ key: FilterNumberKey, now: Double) -> Double? {
    key == .port ? Double(profile.remotePort) : nil
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
