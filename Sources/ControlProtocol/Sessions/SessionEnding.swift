public import Vocabulary

/// How a session ended.
public struct SessionEnding: Codable, Equatable, Sendable {
  /// The close code; 1005 and 1006 where none was sent.
  public var code: CloseCode
  /// The reason that came with the code; not escaped for display.
  public var reason: String
  /// Who closed it.
  public var by: CloseInitiator
  /// The person or script whose act closed it, not escaped for display; nil if no operator did, and
  /// from an engine that does not tell.
  public var actor: String?
  /// The number of that act; nil if it has none.
  public var act: Int?
  /// When its connection was gone, in seconds since 1970.
  public var at: Double
  /// How many seconds ago that was; nil in a history, and from an engine that does not tell.
  public var secondsAgo: Double?

  /// A session's end.
  public init(code: CloseCode, reason: String, by: CloseInitiator, at: Double) {
    self.code = code
    self.reason = reason
    self.by = by
    self.at = at
  }

  /// Who closed it, in words: `limit:message-bytes`, `operator root (act 1)`; not escaped for
  /// display.
  public var byWhom: String {
    guard let actor else { return by.description }
    return "\(by.description) \(actor)" + (act.map { " (act \($0))" } ?? "")
  }

  /// How many seconds ago that was.
  ///
  /// - Parameter now: the time in seconds since 1970, for an engine that does not tell.
  public func ago(now: Double) -> Double { max(0, secondsAgo ?? now - at) }
}
