public import Vocabulary

/// A session of which single fields are asked: a row, or an engine's own record.
///
/// A field is asked for by itself, so that nothing is built for a session that is passed over.
public protocol SessionFieldSubject {
  /// The session's name.
  var id: SessionID { get }
  /// Where the session stands.
  var state: SessionState { get }
  /// Who closed it; nil for a live session.
  var closeInitiator: CloseInitiator? { get }
  /// The peer's address; nil for a Unix socket.
  var ipAddress: IPAddress? { get }
  /// Whether a text of a field passes a test; where a field has many (rooms, tags), whether any
  /// does, and false where it has none; nil if it is not known whether it has one.
  func hasText(_ field: SessionField, where test: (Span<UInt8>) -> Bool) -> Bool?
  /// The number of a field.
  ///
  /// - Parameter now: The time in seconds since 1970, which ages are measured against.
  func number(_ field: SessionField, now: Double) -> SessionNumber
  /// Whether the session has a flag.
  func flag(_ field: SessionField) -> Bool
}

extension SessionField {
  /// Whether a path passes a test, decoded or as it came.
  package static func hasPath(_ path: String, where test: (Span<UInt8>) -> Bool) -> Bool {
    if test(path.utf8.span) { return true }
    guard path.utf8.contains(UInt8(ascii: "%")), let decoded = TargetEncoding.decoded(path) else {
      return false
    }
    return test(decoded.utf8.span)
  }

  /// A path as people read it: percent-decoded once, or as it came where that is no UTF-8.
  package static func decodedPath(_ path: String) -> String {
    path.utf8.contains(UInt8(ascii: "%")) ? TargetEncoding.decoded(path) ?? path : path
  }
}

extension SessionFieldSubject {
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
