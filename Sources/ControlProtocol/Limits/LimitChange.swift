internal import Vocabulary

/// A change of limits: the body of `PATCH /v1/limits`; all of it takes effect, or none.
public struct LimitChange: Codable, Equatable, Sendable {
  /// The engine's run; if it is another one, nothing changes (409).
  public var engine: String?
  /// The scope of the settings; the engine if nil.
  public var scope: LimitScope?
  /// Keys and values to set.
  public var set: [String: String]?
  /// Keys to unset at that scope.
  public var unset: [String]?
  /// Whether the change is only tried: the reply is a `LimitPreview`.
  public var dryRun: Bool?
  /// The fate of sessions over a new value; they are kept if nil.
  public var over: OverLimitFate?
  /// The order in which they are closed, and which stay if only some have to go; the largest first
  /// if nil.
  public var order: OverLimitOrder?
  /// The time after which the change reverts unless it is kept, such as `10m`; never if nil.
  public var revertAfter: String?

  /// A change.
  public init(
    engine: String? = nil, scope: LimitScope? = nil, set: [String: String]? = nil,
    unset: [String]? = nil, dryRun: Bool? = nil, over: OverLimitFate? = nil,
    order: OverLimitOrder? = nil, revertAfter: String? = nil
  ) {
    self.engine = engine
    self.scope = scope
    self.set = set
    self.unset = unset
    self.dryRun = dryRun
    self.over = over
    self.order = order
    self.revertAfter = revertAfter
  }
}

/// The fate of sessions over a limit that is set.
public enum OverLimitFate: String, Codable, CaseIterable, Hashable, Sendable {
  /// They stay until they breach it again.
  case keep
  /// They are closed at once.
  case close
}

/// The order in which sessions over a limit are closed.
public enum OverLimitOrder: String, Codable, CaseIterable, Hashable, Sendable {
  /// Most of the limited amount first: the largest message or backlog, the most rooms; if the limit
  /// counts sessions, the most payload bytes in and out.
  case largest
  /// The longest without a message first.
  case idlest
  /// The newest first.
  case newest
}

/// A request to keep limits that would revert: the body of `POST /v1/limits/keep`.
public struct LimitKeep: Codable, Equatable, Sendable {
  /// The engine's run; if it is another one, nothing is kept (409).
  public var engine: String?
  /// The scope of the settings; the engine if nil and keys are named, else every scope.
  public var scope: LimitScope?
  /// The limits; all that would revert at the scope if nil.
  public var keys: [String]?

  /// A request to keep.
  public init(engine: String? = nil, scope: LimitScope? = nil, keys: [String]? = nil) {
    self.engine = engine
    self.scope = scope
    self.keys = keys
  }
}
