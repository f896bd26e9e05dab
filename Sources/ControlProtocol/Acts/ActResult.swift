public import Vocabulary

/// The result of an act on named sessions: one outcome a session, in the order of the request.
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

/// The outcome of an act for one session.
public struct SessionOutcome: Codable, Equatable, Sendable {
  /// The session.
  public var id: SessionID
  /// The outcome.
  public var outcome: Outcome

  /// The outcomes of an act.
  public enum Outcome: String, Codable, Hashable, Sendable {
    /// The message went to the operating system at once, or the close frame is on its way.
    case done
    /// The message waits in the session's backlog.
    case queued
    /// The session does not exist: it never did, or has closed.
    case noSuchSession = "no-such-session"
    /// The session is not open: its handshake is under way, or it is closing.
    case notOpen = "not-open"
    /// The message is over the session's `message-bytes`.
    case tooBig = "too-big"
    /// The session's backlog has no room.
    case backlogFull = "backlog-full"
    /// The session no longer matched the act's filter at its turn.
    case noLongerMatches = "no-longer-matches"
  }

  /// An outcome.
  public init(id: SessionID, outcome: Outcome) {
    self.id = id
    self.outcome = outcome
  }
}
