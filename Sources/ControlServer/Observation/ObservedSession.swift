internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine
internal import WebSocketProtocol

/// A session as the observer knows it: what was said once, and its numbers now.
struct ObservedSession {
  /// What was said when it was opened.
  let profile: SessionProfile
  /// The path of its request, kept beside the profile: to copy the request out of that for each
  /// comparison would cost more than the comparison.
  let path: String
  /// The peer's address; nil for a Unix socket.
  let address: IPAddress?
  /// Its numbers.
  let sample: SessionSample

  /// When the last message passed, or the session was opened.
  var lastMessage: Instant { max(sample.lastIn, sample.lastOut) }
}

/// A moment on both clocks: ages are measured on the one, what is shown is told by the other.
struct Moment {
  /// The monotonic clock.
  var instant: Instant
  /// Seconds since 1970.
  var seconds: Double

  /// The seconds from an instant to this moment, at least 0.
  func secondsSince(_ earlier: Instant) -> Double {
    max(0, earlier.duration(to: instant).inSeconds)
  }
}

/// What a filter sees of an observed session.
struct ObservedSubject: SessionFilterSubject {
  let session: ObservedSession
  let moment: Moment
  let rooms: RoomDirectory

  var id: SessionID { session.profile.id }
  var state: SessionState { session.sample.state }
  var ipAddress: IPAddress? { session.address }

  func hasText(_ key: FilterTextKey, where test: (Span<UInt8>) -> Bool) -> Bool {
    switch key {
    case .route: test(session.profile.route.utf8.span)
    case .path: test(session.path.utf8.span)
    case .address: test(session.profile.request.remoteAddress.utf8.span)
    case .userAgent:
      session.profile.request.headers["User-Agent"].map { test($0.utf8.span) } ?? false
    case .room: rooms.names(of: id).contains { test($0.utf8.span) }
    // Handlers cannot tag sessions.
    case .tag: false
    }
  }

  func number(_ key: FilterNumberKey, now: Double) -> Double? {
    let sample = session.sample
    return switch key {
    case .port: Double(session.profile.request.remotePort)
    case .age: now - session.profile.openedAt
    case .idle: moment.secondsSince(session.lastMessage)
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
    case .tls: session.sample.flags.contains(.tls)
    case .compressed: session.sample.flags.contains(.compressed)
    case .tapped: session.sample.flags.contains(.tapped)
    }
  }
}
