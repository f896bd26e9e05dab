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
