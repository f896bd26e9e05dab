/// Closed sessions by code and by who closed them: the answer to `GET /v1/closes`.
public struct CloseTable: Codable, Equatable, Sendable {
  /// The engine's run.
  public var engine: String
  /// Since the engine started.
  @Tolerant public var total: [CloseCount]
  /// In the last minute, ten minutes and hour.
  @Tolerant public var intervals: [CloseInterval]

  /// A table.
  public init(engine: String, total: [CloseCount], intervals: [CloseInterval]) {
    self.engine = engine
    self.total = total
    self.intervals = intervals
  }
}

/// What closed in the last seconds.
public struct CloseInterval: Codable, Equatable, Sendable {
  /// How long the interval is meant to be, in seconds.
  public var seconds: Int
  /// How much of it is known: less than all of it at first.
  public var elapsed: Double
  /// The counts, without those that are 0.
  @Tolerant public var closes: [CloseCount]

  /// The intervals that an engine keeps, in seconds.
  public static let lengths = [60, 600, 3600]

  /// An interval.
  public init(seconds: Int, elapsed: Double, closes: [CloseCount]) {
    self.seconds = seconds
    self.elapsed = elapsed
    self.closes = closes
  }
}
