internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine

extension SessionRow {
  /// The longest path that a row shows, in bytes; a session's details show it whole.
  static let maximumPathByteCount = 1024
  /// The most rooms that a row names, and the longest name of one, in bytes.
  static let maximumRoomCount = 4
  static let maximumRoomByteCount = 128
  /// The longest user agent that a row shows, in bytes.
  static let maximumUserAgentByteCount = 256

  /// The row of a session; that of one that is gone has its last numbers.
  init(_ session: ObservedSession, at moment: Moment) {
    self.init(
      session.profile, session.sample.state, openedAt: session.sample.openedAt,
      lastMessage: session.sample.lastMessage, at: session.end?.moment ?? moment)
    add(session.sample)
    rates = session.rates
    if !session.tags.isEmpty { tags = session.tags.map(\.text) }
    if let names = session.rooms {
      rooms = names.prefix(Self.maximumRoomCount).map { $0.cut(to: Self.maximumRoomByteCount) }
      roomCount = names.count
    }
    guard let end = session.end else { return }
    state = .closed
    throttled = false
    backlogBytes = 0
    ending = SessionEnding(
      code: end.close.code, reason: end.close.reason, by: end.close.initiator,
      at: end.moment.seconds)
  }

  private init(
    _ profile: ShownProfile, _ state: SessionState, openedAt: Double, lastMessage: Instant,
    at moment: Moment
  ) {
    self.init(
      id: profile.id, route: profile.route,
      path: profile.path.cut(to: Self.maximumPathByteCount), address: profile.remoteAddress,
      port: profile.remotePort, state: state, openedAt: openedAt,
      idleSeconds: moment.secondsSince(lastMessage))
    subprotocol = profile.subprotocol
    userAgent = profile.userAgent?.cut(to: Self.maximumUserAgentByteCount)
  }

  private mutating func add(_ sample: SessionSample) {
    messagesIn = sample.messagesIn
    messagesOut = sample.messagesOut
    bytesIn = sample.bytesIn
    bytesOut = sample.bytesOut
    wireBytesIn = sample.wireIn
    wireBytesOut = sample.wireOut
    largestIn = sample.largestIn
    largestOut = sample.largestOut
    backlogBytes = sample.backlog
    backlogPeakBytes = sample.backlogPeak
    roundTripMilliseconds = sample.roundTripSmoothed.map { Double($0) * 1e-6 }
    tls = sample.flags.contains(.tls)
    compressed = sample.flags.contains(.compressed)
    throttled = sample.flags.contains(.throttled)
    tapped = sample.flags.contains(.tapped)
  }
}
