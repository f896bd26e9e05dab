public import Vocabulary

/// One limit in force: its value, scope, source and default.
public struct LimitRow: Codable, Equatable, Sendable {
  /// The limit.
  public var key: LimitKey
  /// The value, in the form that a change takes: `64KiB`, `10s`, `off`.
  public var value: String
  /// The default's value.
  public var defaultValue: String
  /// The source of the value.
  public var source: LimitSource
  /// The scope of the setting.
  public var scope: LimitScope
  /// The pending revert; nil: none.
  public var revert: LimitRevert?
  /// The value that holds in place of `value`, since something else allows no more; nil: `value`
  /// holds.
  public var bound: LimitBound?

  /// A limit in force.
  public init(
    key: LimitKey, value: String, defaultValue: String, source: LimitSource, scope: LimitScope,
    revert: LimitRevert? = nil
  ) {
    self.key = key
    self.value = value
    self.defaultValue = defaultValue
    self.source = source
    self.scope = scope
    self.revert = revert
  }
}

/// A value that holds in place of a limit's own.
public struct LimitBound: Codable, Equatable, Sendable {
  /// The value, in the form that a change takes.
  public var value: String
  /// What allows no more, such as `descriptors`; a newer engine may know others.
  public var by: String

  /// The descriptors that the engine's process may open.
  public static let descriptors = "descriptors"

  /// A bound.
  public init(value: String, by cause: String) {
    self.value = value
    by = cause
  }
}

/// The source of a limit's value.
public enum LimitSource: String, Codable, Hashable, Sendable {
  /// The table's default.
  case `default`
  /// An environment variable.
  case environment
  /// A flag at the start.
  case flag
  /// A person or script, at run time.
  case `operator`
  /// The session's own handler.
  case handler
}

/// The scope of a setting; the narrowest scope with a setting wins.
///
/// In JSON and on the screen: `engine`, `route:/ws/echo`, `session:s-4k2`.
public enum LimitScope: Hashable, Sendable {
  /// All sessions.
  case engine
  /// The sessions of the route with that pattern.
  case route(UTF8Name)
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

  /// Parses the text form.
  public init?(_ text: String) {
    let bytes = text.utf8
    func rest(after prefix: String) -> String? {
      guard bytes.starts(with: prefix.utf8), bytes.count > prefix.utf8.count else { return nil }
      return String(Substring(bytes.dropFirst(prefix.utf8.count)))
    }
    if bytes.elementsEqual("engine".utf8) {
      self = .engine
    } else if let pattern = rest(after: "route:") {
      self = .route(UTF8Name(pattern))
    } else if let id = rest(after: "session:").flatMap({ SessionID($0) }) {
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
