public import Vocabulary

/// What a change of limits would do: the answer to a dry run.
public struct LimitPreview: Codable, Equatable, Sendable {
  /// The engine's run.
  public var engine: String
  /// Where the limits would be set.
  public var scope: LimitScope
  /// What is known of each, in the order of the table of limits.
  @Tolerant public var forecasts: [LimitForecast]

  /// A preview.
  public init(engine: String, scope: LimitScope, forecasts: [LimitForecast]) {
    self.engine = engine
    self.scope = scope
    self.forecasts = forecasts
  }
}

/// What is known of one limit's new value, out of what the engine recorded.
public struct LimitForecast: Codable, Equatable, Sendable {
  /// The limit.
  public var key: LimitKey
  /// The value that holds at the scope now.
  public var old: String
  /// The value that would hold.
  public var new: String
  /// How many seconds the record goes back: at most an hour and a minute, for a session its age.
  @Tolerant public var recordedSeconds = 0.0
  /// The messages received that the new value would have rejected; nil: not known.
  public var messagesIn: MessageForecast?
  /// The messages sent that the new value would have rejected; nil: not known.
  public var messagesOut: MessageForecast?
  /// How far the peaks of what the limit counts were over the new value; nil: not known.
  public var peak: PeakForecast?
  /// How many sessions are over the new value now; nil: not known.
  public var sessionsOver: Int?
  /// How many routes have a setting of their own, which the change does not reach.
  @Tolerant public var narrowerRoutes = 0
  /// How many sessions have a setting of their own, which the change does not reach; their messages
  /// are among those that are counted.
  @Tolerant public var narrowerSessions = 0

  /// A forecast of which nothing is known yet.
  public init(key: LimitKey, old: String, new: String) {
    self.key = key
    self.old = old
    self.new = new
  }

  /// Whether what the value would have rejected is known.
  public var isKnown: Bool { messagesIn != nil || messagesOut != nil || peak != nil }
}

/// How many messages a limit of their size would have rejected.
///
/// Sizes are known to a bucket of `SizeBuckets`: where the value lies inside of one, its messages
/// may or may not have been over it.
public struct MessageForecast: Codable, Equatable, Sendable {
  /// Messages that were over the value for certain.
  public var atLeast: Int
  /// Those, and all in the bucket that the value cuts; nil where only the largest is known.
  public var atMost: Int?
  /// Messages altogether; nil where that is not known.
  public var total: Int?
  /// The sizes of the bucket that the value cuts; nil if it cuts none that has messages.
  public var bucket: [Int]?

  /// A forecast.
  public init(atLeast: Int, atMost: Int?, total: Int?, bucket: ClosedRange<Int>? = nil) {
    self.atLeast = atLeast
    self.atMost = atMost
    self.total = total
    self.bucket = bucket.map { [$0.lowerBound, $0.upperBound] }
  }
}

/// How far recorded peaks were over a limit's value.
public struct PeakForecast: Codable, Equatable, Sendable {
  /// The greatest peak: sessions, or bytes.
  public var greatest: Int
  /// When its minute ended, in seconds since 1970.
  public var at: Double
  /// How many seconds ago that was; nil from an engine that does not tell.
  public var secondsAgo: Double?
  /// The address that had the most sessions then, where the limit counts by address.
  public var address: String?
  /// In how many of the recorded minutes the peak was over the value.
  public var minutesOver: Int
  /// How many minutes were recorded, the running one included.
  public var minutes: Int

  /// A forecast.
  public init(
    greatest: Int, at: Double, secondsAgo: Double? = nil, address: String? = nil, minutesOver: Int,
    minutes: Int
  ) {
    self.greatest = greatest
    self.at = at
    self.secondsAgo = secondsAgo
    self.address = address
    self.minutesOver = minutesOver
    self.minutes = minutes
  }
}

extension LimitKey {
  /// Whether the engine knows which sessions are over a value of the limit, so that they can be
  /// counted and closed.
  public var knowsSessionsOver: Bool {
    switch self {
    case .messageBytes, .sessions, .sessionsPerAddress, .backlogBytes, .idleTimeout,
      .roomsPerSession:
      true
    default: false
    }
  }
}
