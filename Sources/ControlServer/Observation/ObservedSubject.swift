internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine
internal import WebSocketProtocol

/// What a filter sees of an observed session.
struct ObservedSubject: SessionFilterSubject {
  let mirror: SessionMirror
  let record: Int
  let sample: SessionSample
  let moment: Moment
  let rooms: RoomDirectory

  var id: SessionID { sample.identity.id }
  var state: SessionState { sample.state }
  var ipAddress: IPAddress? { profile.flatMap { IPAddress($0.remoteAddress) } }

  func hasText(_ key: FilterTextKey, where test: (Span<UInt8>) -> Bool) -> Bool {
    switch key {
    case .path: profile?.withPath(test) ?? false
    case .route: profile.map { test($0.route.utf8.span) } ?? false
    case .address: profile?.withAddress(test) ?? false
    case .userAgent: profile?.headers["User-Agent"].map { test($0.utf8.span) } ?? false
    case .room: rooms.names(of: id).contains { test($0.utf8.span) }
    // Handlers cannot tag sessions.
    case .tag: false
    }
  }

  func number(_ key: FilterNumberKey, now: Double) -> Double? {
    switch key {
    case .port: profile.map { Double($0.remotePort) }
    case .age: now - sample.openedAt
    case .idle: moment.secondsSince(sample.lastMessage)
    case .messagesIn: Double(sample.messagesIn)
    case .messagesOut: Double(sample.messagesOut)
    case .bytesIn: Double(sample.bytesIn)
    case .bytesOut: Double(sample.bytesOut)
    case .largest: Double(max(sample.largestIn, sample.largestOut))
    case .backlog: Double(sample.backlog)
    case .roundTrip: sample.roundTripSmoothed.map { Double($0) * 1e-6 }
    case .code: nil
    }
  }

  func flag(_ flag: FilterFlag) -> Bool {
    switch flag {
    case .tls: sample.flags.contains(.tls)
    case .compressed: sample.flags.contains(.compressed)
    case .tapped: sample.flags.contains(.tapped)
    case .throttled: sample.flags.contains(.throttled)
    }
  }

  private var profile: SessionProfile? { mirror.profile(ofRecord: record) }
}
