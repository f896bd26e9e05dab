public import Vocabulary

/// The forecast of a change of limits: the reply to a dry run.
public struct LimitPreview: Codable, Equatable, Sendable {
  /// The engine's run.
  public var engine: String
  /// The scope where the limits would be set.
  public var scope: LimitScope
  /// A forecast for each limit, in the order of the table of limits.
  @Tolerant public var forecasts: [LimitForecast]

  /// A preview.
  public init(engine: String, scope: LimitScope, forecasts: [LimitForecast]) {
    self.engine = engine
    self.scope = scope
    self.forecasts = forecasts
  }
}

/// The forecast for one limit's new value, from the engine's records.
public struct LimitForecast: Codable, Equatable, Sendable {
  /// The limit.
  public var key: LimitKey
  /// The present value at the scope.
  public var old: String
  /// The new value.
  public var new: String
  /// The length of the record in seconds: at most an hour and a minute; for a session its age.
  @Tolerant public var recordedSeconds = 0.0
  /// The received messages that the new value would have rejected; nil: unknown.
  public var messagesIn: MessageForecast?
  /// The sent messages that the new value would have rejected; nil: unknown.
  public var messagesOut: MessageForecast?
  /// The recorded peaks over the new value; nil: unknown.
  public var peak: PeakForecast?
  /// How many sessions are over the new value now; nil: unknown.
  public var sessionsOver: Int?
  /// How many routes have their own setting, which the change does not affect.
  @Tolerant public var narrowerRoutes = 0
  /// How many sessions have their own setting, which the change does not affect; their messages are
  /// counted all the same.
  @Tolerant public var narrowerSessions = 0

  /// A forecast with everything unknown.
  public init(key: LimitKey, old: String, new: String) {
    self.key = key
    self.old = old
    self.new = new
  }

  /// Whether any rejections are known.
  public var isKnown: Bool { messagesIn != nil || messagesOut != nil || peak != nil }
}

/// How many messages a limit of their size would have rejected.
///
/// Sizes are recorded by buckets of `SizeBuckets`: if the value lies within a bucket, it is unknown
/// which of its messages were over it.
public struct MessageForecast: Codable, Equatable, Sendable {
  /// Messages that certainly were over the value.
  public var atLeast: Int
  /// Messages that may have been over it, the whole bucket included; nil if only the largest is
  /// known.
  public var atMost: Int?
  /// All messages; nil if unknown.
  public var total: Int?
  /// The sizes of the bucket that contains the value; nil if that has no messages, or the value is
  /// its end.
  public var bucket: [Int]?

  /// A forecast.
  public init(atLeast: Int, atMost: Int?, total: Int?, bucket: ClosedRange<Int>? = nil) {
    self.atLeast = atLeast
    self.atMost = atMost
    self.total = total
    self.bucket = bucket.map { [$0.lowerBound, $0.upperBound] }
  }
}

/// The recorded peaks over a limit's value.
public struct PeakForecast: Codable, Equatable, Sendable {
  /// The greatest peak: sessions, or bytes.
  public var greatest: Int
  /// The end of its minute, in seconds since 1970.
  public var at: Double
  /// The time since then, in seconds; nil if the engine does not send it.
  public var secondsAgo: Double?
  /// The address with the most sessions at that time, if the limit counts by address.
  public var address: String?
  /// The number of recorded minutes with a peak over the value.
  public var minutesOver: Int
  /// The number of recorded minutes, the present one included.
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
  /// Whether the engine knows the sessions over a value of the limit, so that they can be counted
  /// and closed.
  public var knowsSessionsOver: Bool {
    switch self {
    case .messageBytes, .sessions, .sessionsPerAddress, .backlogBytes, .idleTimeout,
      .roomsPerSession:
      true
    default: false
    }
  }
}
