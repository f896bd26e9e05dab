public import Vocabulary

/// What is known of a number of a session.
public enum FilterNumber: Equatable, Sendable {
  /// The number, in the unit that its key states.
  case value(Double)
  /// There is none, such as the close code of a live session: a term does not hold, and its negation
  /// does.
  case absent
  /// It is not known yet, such as the round trip before the first pong: neither a term nor its
  /// negation holds.
  case unknown

  /// A number; nil if there is none.
  public init(orAbsent number: Double?) {
    self = number.map { .value($0) } ?? .absent
  }

  /// A number; nil if it is not known yet.
  public init(orUnknown number: Double?) {
    self = number.map { .value($0) } ?? .unknown
  }
}

/// What a filter can look at: a row, or the observer's own record of a session.
///
/// A filter asks only for what its terms name, so that nothing is built for a session that does
/// not match.
public protocol SessionFilterSubject {
  /// The session's name.
  var id: SessionID { get }
  /// Where the session stands.
  var state: SessionState { get }
  /// Who closed it; nil for a live session.
  var closeInitiator: CloseInitiator? { get }
  /// The peer's address; nil for a Unix socket.
  var ipAddress: IPAddress? { get }
  /// Whether a text of that key passes a test; where a key has many (rooms, tags), whether any
  /// does, and false where it has none; nil if it is not known whether it has one.
  func hasText(_ key: FilterTextKey, where test: (Span<UInt8>) -> Bool) -> Bool?
  /// The number of that key.
  ///
  /// - Parameter now: The time in seconds since 1970, which ages are measured against.
  func number(_ key: FilterNumberKey, now: Double) -> FilterNumber
  /// Whether the session has a flag.
  func flag(_ flag: FilterFlag) -> Bool
}

extension SessionFilterSubject {
  /// A live session, which nobody closed.
  public var closeInitiator: CloseInitiator? { nil }

  /// The address as read from its text.
  public var ipAddress: IPAddress? {
    var address: IPAddress?
    _ = hasText(.address) { text in
      address = IPAddress(text)
      return true
    }
    return address
  }
}
