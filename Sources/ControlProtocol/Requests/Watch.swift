public import Vocabulary

/// What a console is looking at: each text message it sends on `/v1/watch` replaces the last.
public struct WatchRequest: Codable, Equatable, Sendable {
  /// The visible window of the session table; nil: no rows.
  public var sessions: SessionQuery?
  /// A row that must stay inside the window, whatever the sorting does: the window moves with it.
  public var follow: SessionID?
  /// A session whose place in the order is told, wherever the window is.
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
  /// How many seconds of rates are drawn, at most 300.
  public var historySeconds: Int
  /// Milliseconds between two snapshots, 50–60 000.
  public var intervalMilliseconds: Int
  /// Whether acts that go on are shown.
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

  /// Decodes a watch; what is missing is as in a watch of the totals alone.
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

/// One pushed picture: totals, and only what the console said that it shows.
public struct Snapshot: Codable, Equatable, Sendable {
  /// Counts up with each picture of one watch.
  public var sequence: Int
  /// The totals.
  public var statistics: EngineStatistics
  /// The rows of the visible window.
  public var sessions: SessionList?
  /// Why there are no rows: the filter's fault, with its column.
  public var filterError: ControlError.Body?
  /// The details asked for; nil when there is no such session.
  public var details: SessionDetails?
  /// The rooms or routes of the visible window; nil until they are known.
  public var groups: GroupList?
  /// The limits, when asked for.
  @Tolerant public var limits: [LimitRow]? = nil
  /// New events, when asked for.
  @Tolerant public var events: [EngineEvent]? = nil
  /// What closed in the last minute, ten minutes and hour, when asked for.
  @Tolerant public var closeIntervals: [CloseInterval]? = nil
  /// What passed in a span of time, when asked for; once a second.
  public var traffic: TrafficReport?
  /// The last seconds' rates, oldest first, when asked for.
  @Tolerant public var history: [RateSample]? = nil
  /// The acts that go on and those that were over last, when asked for and something has changed.
  @Tolerant public var acts: [ActStatus]? = nil
  /// The role of whoever looks, for one from elsewhere.
  @Tolerant public var role: ControlRole? = nil

  /// A picture of the totals alone.
  public init(sequence: Int, statistics: EngineStatistics) {
    self.sequence = sequence
    self.statistics = statistics
  }
}
