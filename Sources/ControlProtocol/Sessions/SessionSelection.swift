/// Which sessions a table has: those that live, those that closed lately, or both.
public enum SessionSelection: String, CaseIterable, Codable, Hashable, Sendable {
  /// Sessions whose connection stands.
  case live
  /// The last 10 000 that were closed.
  case closed
  /// Both.
  case all

  /// Whether live sessions are in the table.
  public var hasLive: Bool { self != .closed }

  /// Whether closed sessions are in the table.
  public var hasClosed: Bool { self != .live }
}
