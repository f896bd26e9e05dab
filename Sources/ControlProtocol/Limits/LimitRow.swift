public import Vocabulary

/// One limit in force: its value, where that is set and what it may be.
public struct LimitRow: Codable, Equatable, Sendable {
  /// The limit.
  public var key: LimitKey
  /// The value, in the form that setting it takes: `64KiB`, `10s`, `off`.
  public var value: String
  /// The default's value.
  public var defaultValue: String
  /// Who set it.
  public var source: LimitSource
  /// Where it is set.
  public var scope: LimitScope

  /// A limit in force.
  public init(
    key: LimitKey, value: String, defaultValue: String, source: LimitSource, scope: LimitScope
  ) {
    self.key = key
    self.value = value
    self.defaultValue = defaultValue
    self.source = source
    self.scope = scope
  }
}

/// Who set a limit.
public enum LimitSource: String, Codable, Hashable, Sendable {
  /// Nobody: the table's default.
  case `default`
  /// An environment variable.
  case environment
  /// A flag at the start.
  case flag
  /// A person or script, while the engine ran.
  case `operator`
  /// The session's own handler.
  case handler
}

/// Where a limit is set; the narrowest scope that sets one wins.
///
/// In JSON and on the screen: `engine`, `route:/ws/echo`, `session:s-4k2`.
public enum LimitScope: Hashable, Sendable {
  /// All sessions.
  case engine
  /// The sessions of the route with that pattern.
  case route(String)
  /// One session.
  case session(SessionID)

  /// The text form.
  public var text: String {
    switch self {
    case .engine: "engine"
    case .route(let pattern): "route:\(pattern)"
    case .session(let id): "session:\(id)"
    }
  }

  /// Reads the text form.
  public init?(_ text: String) {
    if text == "engine" {
      self = .engine
    } else if text.hasPrefix("route:"), text.utf8.count > 6 {
      self = .route(String(text.dropFirst(6)))
    } else if text.hasPrefix("session:"), let id = SessionID(text.dropFirst(8)) {
      self = .session(id)
    } else {
      return nil
    }
  }
}

extension LimitScope: Codable {
  /// Decodes the text form.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let scope = LimitScope(text) else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "\"\(text)\" is not engine, route:PATH or session:ID")
    }
    self = scope
  }

  /// Encodes the text form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

/// All limits: the answer to `GET /v1/limits` and to a change.
public struct LimitList: Codable, Equatable, Sendable {
  /// The engine's run.
  public var engine: String
  /// One row a key for the engine, then the routes' and sessions' own settings.
  @Tolerant public var limits: [LimitRow]

  /// A list.
  public init(engine: String, limits: [LimitRow]) {
    self.engine = engine
    self.limits = limits
  }
}

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

  /// A change.
  public init(
    engine: String? = nil, scope: LimitScope? = nil, set: [String: String]? = nil,
    unset: [String]? = nil
  ) {
    self.engine = engine
    self.scope = scope
    self.set = set
    self.unset = unset
  }
}
