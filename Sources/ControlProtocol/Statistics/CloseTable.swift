/// Closed sessions by code and initiator: the reply to `GET /v1/closes`.
public struct CloseTable: Codable, Equatable, Sendable {
  /// The engine's run.
  public var engine: String
  /// The closes since the engine started.
  @Tolerant public var total: [CloseCount]
  /// The closes of the last minute, ten minutes and hour.
  @Tolerant public var intervals: [CloseInterval]

  /// A table.
  public init(engine: String, total: [CloseCount], intervals: [CloseInterval]) {
    self.engine = engine
    self.total = total
    self.intervals = intervals
  }
}

/// The closes of an interval up to now.
public struct CloseInterval: Codable, Equatable, Sendable {
  /// The nominal length of the interval, in seconds.
  public var seconds: Int
  /// The recorded part of it, in seconds: shorter at first.
  public var elapsed: Double
  /// The counts, without zeros.
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
