/// A pushed snapshot: the totals, and the parts that the watch asks for.
public struct Snapshot: Codable, Equatable, Sendable {
  /// The number of the snapshot in its watch, counting up.
  public var sequence: Int
  /// The totals.
  public var statistics: EngineStatistics
  /// The rows of the visible window.
  public var sessions: SessionList?
  /// Why there are no rows: the fault in the filter, with its column.
  public var filterError: ControlError.Body?
  /// The details of a session, if asked for; nil if it does not exist.
  public var details: SessionDetails?
  /// The rooms or routes of the visible window; nil until they are known.
  public var groups: GroupList?
  /// The limits, if asked for.
  @Tolerant public var limits: [LimitRow]? = nil
  /// New events, if asked for.
  @Tolerant public var events: [EngineEvent]? = nil
  /// The closes of the last minute, ten minutes and hour, if asked for.
  @Tolerant public var closeIntervals: [CloseInterval]? = nil
  /// The traffic in a window of time, if asked for; once a second.
  public var traffic: TrafficReport?
  /// The last seconds' rates, oldest first, if asked for.
  @Tolerant public var history: [RateSample]? = nil
  /// The running acts and the last that are over, if asked for and changed.
  @Tolerant public var acts: [ActStatus]? = nil
  /// The role of a remote client; nil for a local one.
  @Tolerant public var role: ControlRole? = nil
  /// The name of a remote client's token; nil for a local one.
  @Tolerant public var holder: String? = nil

  /// A snapshot of the totals alone.
  public init(sequence: Int, statistics: EngineStatistics) {
    self.sequence = sequence
    self.statistics = statistics
  }
}
