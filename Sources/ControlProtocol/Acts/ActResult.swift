public import Vocabulary

/// What an act on sessions did: one outcome a session, in the order they were named.
public struct ActResult: Codable, Equatable, Sendable {
  /// The engine's run.
  public var engine: String
  /// One outcome a session.
  public var outcomes: [SessionOutcome]

  /// A result.
  public init(engine: String, outcomes: [SessionOutcome]) {
    self.engine = engine
    self.outcomes = outcomes
  }
}

/// What an act did to one session.
public struct SessionOutcome: Codable, Equatable, Sendable {
  /// The session.
  public var id: SessionID
  /// What became of it.
  public var outcome: Outcome

  /// The outcomes of an act.
  public enum Outcome: String, Codable, Hashable, Sendable {
    /// The message went to the operating system at once, or the close frame is on its way.
    case done
    /// The message waits in the session's backlog.
    case queued
    /// No such session: never was, or closed since.
    case noSuchSession = "no-such-session"
    /// The session is not open: its handshake is under way, or it is closing.
    case notOpen = "not-open"
    /// The message is over the session's `message-bytes`.
    case tooBig = "too-big"
    /// The session's backlog has no room.
    case backlogFull = "backlog-full"
    /// The session matched the act's filter no more when its turn came.
    case noLongerMatches = "no-longer-matches"
  }

  /// An outcome.
  public init(id: SessionID, outcome: Outcome) {
    self.id = id
    self.outcome = outcome
  }
}
