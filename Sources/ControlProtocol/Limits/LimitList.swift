internal import Vocabulary

/// All limits: the answer to `GET /v1/limits` and to a change.
public struct LimitList: Codable, Equatable, Sendable {
  /// The engine's run.
  public var engine: String
  /// One row a key for the engine, then the routes' and sessions' own settings, and places where a
  /// setting was taken away but comes back by itself.
  @Tolerant public var limits: [LimitRow]
  /// What a change did besides; nil in the answer to a question.
  public var outcome: LimitOutcome?
  /// How long the engine runs, in seconds; nil from an engine that does not tell.
  public var uptimeSeconds: Double?

  /// A list.
  public init(engine: String, limits: [LimitRow], outcome: LimitOutcome? = nil) {
    self.engine = engine
    self.limits = limits
    self.outcome = outcome
  }
}

/// What a change of limits did besides setting them.
public struct LimitOutcome: TolerantlyCodable, Equatable, Sendable {
  /// Sessions that were over the new values already and were closed.
  @Tolerant public var closed = 0
  /// Sessions that were over the new values already, and stay until they breach them again.
  @Tolerant public var kept = 0
  /// Reverts that the change, or keeping, has called off.
  @Tolerant public var cancelledReverts = 0

  /// Nothing besides.
  public init() {}
}
