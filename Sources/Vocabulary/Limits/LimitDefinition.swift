/// One row of the table of limits.
public struct LimitDefinition: Sendable {
  /// The unit of a limit's amount.
  public enum Unit: Hashable, Sendable {
    /// Bytes; written with `k`, `KiB`, `MiB`, `GiB`.
    case bytes
    /// Things.
    case count
    /// Milliseconds; written with `ms`, `s`, `m`, `h`.
    case time
    /// One of some words.
    case choice([String])
  }

  /// The places where a limit can be set.
  public struct Scopes: OptionSet, Hashable, Sendable {
    /// One bit a scope.
    public var rawValue: UInt8
    /// A set from its bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// For all sessions.
    public static let engine = Scopes(rawValue: 1)
    /// For the sessions of one route.
    public static let route = Scopes(rawValue: 2)
    /// For one session.
    public static let session = Scopes(rawValue: 4)
    /// At every scope.
    public static let all: Scopes = [.engine, .route, .session]
  }

  /// The unit of the amount.
  public var unit: Unit
  /// The value when nothing sets the limit.
  public var defaultValue: LimitValue
  /// The least and greatest amount, in bytes, things or milliseconds.
  public var range: ClosedRange<Int>
  /// Whether `off` is a value.
  public var permitsOff: Bool
  /// The scopes at which the limit can be set.
  public var scopes: Scopes
  /// A second environment variable, kept from the system that wstop re-implements.
  public var inheritedName: String?
  /// The consequence of a breach, in a few words.
  public var onBreach: String
  /// One line of help.
  public var help: String

  init(
    _ unit: Unit, default defaultValue: LimitValue, range: ClosedRange<Int>, scopes: Scopes,
    permitsOff: Bool? = nil, inheritedName: String? = nil, onBreach: String, help: String
  ) {
    self.unit = unit
    self.defaultValue = defaultValue
    self.range = range
    self.permitsOff = permitsOff ?? (defaultValue == .off)
    self.scopes = scopes
    self.inheritedName = inheritedName
    self.onBreach = onBreach
    self.help = help
  }
}

/// The value of a limit.
public enum LimitValue: Hashable, Sendable {
  /// The limit does not apply.
  case off
  /// Bytes, things or milliseconds, as the limit's unit says.
  case amount(Int)
  /// One of the limit's words.
  case choice(String)
}
