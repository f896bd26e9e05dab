/// A number of a session, as far as there is one and it is known.
public enum SessionNumber: Equatable, Sendable {
  /// A whole number: a count, a port, bytes.
  case whole(Int)
  /// A number in the unit that its field states.
  case value(Double)
  /// There is none, such as the close code of a live session: a term of a filter does not hold, and
  /// its negation does.
  case absent
  /// It is not known yet, such as the round trip before the first pong: neither a term nor its
  /// negation holds.
  case unknown

  /// A number; nil if there is none.
  @inlinable
  public init(orAbsent number: Double?) {
    self = number.map { .value($0) } ?? .absent
  }

  /// A number; nil if it is not known yet.
  @inlinable
  public init(orUnknown number: Double?) {
    self = number.map { .value($0) } ?? .unknown
  }

  /// The number; nil if there is none or it is not known.
  @inlinable
  public var number: Double? {
    switch self {
    case .whole(let number): Double(number)
    case .value(let number): number
    case .absent, .unknown: nil
    }
  }
}
