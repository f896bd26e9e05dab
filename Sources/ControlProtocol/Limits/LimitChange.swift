internal import Vocabulary

/// A change of limits: the body of `PATCH /v1/limits`; all of it takes effect, or none.
public struct LimitChange: Codable, Equatable, Sendable {
  /// The engine's run; if it is another one, nothing changes (409).
  public var engine: String?
  /// Where to set them; the engine if nil.
  public var scope: LimitScope?
  /// Keys and values to set.
  public var set: [String: String]?
  /// Keys whose setting at that scope ends.
  public var unset: [String]?
  /// Whether nothing is to change: the answer is a `LimitPreview` then.
  public var dryRun: Bool?
  /// What becomes of sessions that are over a new value already; they are kept if nil.
  public var over: OverLimitFate?
  /// Which of them are closed first, and which stay where only some have to go; the largest if nil.
  public var order: OverLimitOrder?
  /// After what time the change takes itself back unless it is kept, such as `10m`; never if nil.
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

/// What becomes of sessions that are over a limit already when it is set.
public enum OverLimitFate: String, Codable, CaseIterable, Hashable, Sendable {
  /// They stay until they breach it again.
  case keep
  /// They are closed at once.
  case close
}

/// Which sessions over a limit are closed first.
public enum OverLimitOrder: String, Codable, CaseIterable, Hashable, Sendable {
  /// Those with the most of what the limit counts: the largest message or backlog, the most rooms;
  /// where it counts sessions, those with the most payload bytes in and out.
  case largest
  /// Those whose last message is the longest ago.
  case idlest
  /// Those that were opened last.
  case newest
}

/// Makes changes that would revert by themselves last: the body of `POST /v1/limits/keep`.
public struct LimitKeep: Codable, Equatable, Sendable {
  /// The engine's run; if it is another one, nothing is kept (409).
  public var engine: String?
  /// Where they were set; the engine if nil and keys are named, else everywhere.
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
