public import Vocabulary

/// All limits: the reply to `GET /v1/limits` and to a change.
public struct LimitList: Codable, Equatable, Sendable {
  /// The engine's run.
  public var engine: String
  /// One row a key for the engine, then the routes' and sessions' own settings, and scopes where a
  /// limit is unset for a time.
  @Tolerant public var limits: [LimitRow]
  /// The other results of a change; nil in the reply to a question.
  public var outcome: LimitOutcome?
  /// The engine's uptime, in seconds; nil if the engine does not send it.
  public var uptimeSeconds: Double?

  /// A list.
  public init(engine: String, limits: [LimitRow], outcome: LimitOutcome? = nil) {
    self.engine = engine
    self.limits = limits
    self.outcome = outcome
  }
}

/// The results of a change of limits besides the limits.
public struct LimitOutcome: TolerantlyCodable, Equatable, Sendable {
  /// Sessions over the new values that were closed.
  @Tolerant public var closed = 0
  /// Sessions over the new values that stay until they breach them again.
  @Tolerant public var kept = 0
  /// Reverts that the change, or keeping, has cancelled.
  @Tolerant public var cancelledReverts = 0
  /// Limits that were to be unset, but are not set at the scope: nothing happened to them.
  @Tolerant public var notSet: [LimitKey] = []

  /// No other results.
  public init() {}

  /// The sentence about limits that were to be unset and are not set; safe to show.
  package func notSetText(at scope: String) -> String {
    let names = notSet.map(\.rawValue).joined(separator: ", ")
    let place = UntrustedText.escaped(scope)
    return "\(names) \(notSet.count == 1 ? "is" : "are") not set for \(place): nothing to unset"
  }
}
