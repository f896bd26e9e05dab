public import Vocabulary

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
  /// does, and false where it has none.
  func hasText(_ key: FilterTextKey, where test: (Span<UInt8>) -> Bool) -> Bool
  /// The number of that key in the unit it states; nil if there is none, such as the close code of
  /// a live session.
  ///
  /// - Parameter now: The time in seconds since 1970, which ages are measured against.
  func number(_ key: FilterNumberKey, now: Double) -> Double?
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
