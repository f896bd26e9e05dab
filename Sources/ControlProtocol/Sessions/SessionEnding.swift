public import Vocabulary

/// How a session ended.
public struct SessionEnding: Codable, Equatable, Sendable {
  /// The close code; 1005 and 1006 where none was sent.
  public var code: CloseCode
  /// The reason that came with the code; not escaped for display.
  public var reason: String
  /// Who closed it.
  public var by: CloseInitiator
  /// When its connection was gone, in seconds since 1970.
  public var at: Double

  /// A session's end.
  public init(code: CloseCode, reason: String, by: CloseInitiator, at: Double) {
    self.code = code
    self.reason = reason
    self.by = by
    self.at = at
  }
}
