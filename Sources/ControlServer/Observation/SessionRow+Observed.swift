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
  /// The longest query that a row has, in bytes.
  static let maximumQueryByteCount = 256

  /// The row of a session; a closed one has its last numbers.
  ///
  /// - Parameter moment: now, or the moment of its end if the row is to tell of that alone.
  init(_ session: ObservedSession, at moment: Moment) {
    let last = session.end?.moment ?? moment
    self.init(session.profile, session.sample, at: last)
    if session.showsQuery { query = session.profile.query?.cut(to: Self.maximumQueryByteCount) }
    ageSeconds = last.secondsSince(session.sample.openedAt)
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
    ending?.actor = end.close.act?.actor
    ending?.act = end.close.act?.number
    if end.moment.instant < moment.instant {
      ending?.secondsAgo = moment.secondsSince(end.moment.instant)
    }
  }

  private init(
    _ profile: ShownProfile, _ sample: SessionSample, at moment: Moment
  ) {
    self.init(
      id: profile.id, route: profile.route,
      path: profile.path.cut(to: Self.maximumPathByteCount), address: profile.remoteAddress,
      port: profile.remotePort, state: sample.state,
      openedAt: moment.wallSeconds(at: sample.openedAt),
      idleSeconds: moment.secondsSince(sample.lastMessage))
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
    droppedMessages = sample.droppedMessages
    roundTripMilliseconds = sample.roundTripSmoothed.map { Double($0) * 1e-6 }
    tls = sample.flags.contains(.tls)
    compressed = sample.flags.contains(.compressed)
    throttled = sample.flags.contains(.throttled)
    tapped = sample.flags.contains(.tapped)
  }
}
