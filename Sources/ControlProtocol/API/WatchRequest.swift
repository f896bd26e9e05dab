public import Vocabulary

/// The parts of the engine that a console shows: each text message on `/v1/watch` replaces the
/// last.
public struct WatchRequest: Codable, Equatable, Sendable {
  /// The visible window of the session table; nil: no rows.
  public var sessions: SessionQuery?
  /// A row that stays inside the window whatever the order: the window moves with it.
  public var follow: SessionID?
  /// A session whose index in the order is sent, wherever the window is.
  public var locate: SessionID?
  /// A session whose details are shown.
  public var details: SessionID?
  /// The visible window of rooms or routes; nil: neither.
  public var groups: GroupQuery?
  /// Whether the limits are shown.
  public var wantsLimits: Bool
  /// The last event that the console has, so that newer ones are pushed; nil: no events.
  public var eventsAfter: Int?
  /// Whether the closes of the last minute, ten minutes and hour are shown.
  public var wantsCloses = false
  /// The traffic that is shown; nil: none.
  public var traffic: TrafficQuery?
  /// How many seconds of rates are wanted, at most 300.
  public var historySeconds: Int
  /// Milliseconds between two snapshots, 50–60 000.
  public var intervalMilliseconds: Int
  /// Whether running acts are shown.
  public var wantsActs: Bool

  /// A watch of the totals alone.
  public init(
    sessions: SessionQuery? = nil, follow: SessionID? = nil, locate: SessionID? = nil,
    details: SessionID? = nil, groups: GroupQuery? = nil, wantsLimits: Bool = false,
    eventsAfter: Int? = nil, historySeconds: Int = 0, intervalMilliseconds: Int = 1000,
    wantsActs: Bool = false
  ) {
    self.sessions = sessions
    self.follow = follow
    self.locate = locate
    self.details = details
    self.groups = groups
    self.wantsLimits = wantsLimits
    self.eventsAfter = eventsAfter
    self.historySeconds = historySeconds
    self.intervalMilliseconds = intervalMilliseconds
    self.wantsActs = wantsActs
  }

  /// Decodes a watch; missing fields are as in a watch of the totals alone.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    let fallback = WatchRequest()
    sessions = try fields.decodeIfPresent(SessionQuery.self, forKey: .sessions)
    follow = try fields.decodeIfPresent(SessionID.self, forKey: .follow)
    locate = try fields.decodeIfPresent(SessionID.self, forKey: .locate)
    details = try fields.decodeIfPresent(SessionID.self, forKey: .details)
    groups = try fields.decodeIfPresent(GroupQuery.self, forKey: .groups)
    wantsLimits = try fields.decode(.wantsLimits, default: fallback.wantsLimits)
    eventsAfter = try fields.decodeIfPresent(Int.self, forKey: .eventsAfter)
    wantsCloses = try fields.decode(.wantsCloses, default: false)
    traffic = try fields.decodeIfPresent(TrafficQuery.self, forKey: .traffic)
    historySeconds = try fields.decode(.historySeconds, default: fallback.historySeconds)
    intervalMilliseconds = try fields.decode(
      .intervalMilliseconds, default: fallback.intervalMilliseconds)
    wantsActs = try fields.decode(.wantsActs, default: false)
  }
}
