/// An entry of the history: a closed session, or an event of the engine.
public struct HistoryEntry: Codable, Equatable, Sendable, Identifiable {
  /// Its number in its store, unique there; 0 before it has one.
  public var number: Int
  /// When it happened, in seconds since 1970.
  public var at: Double
  /// The kind of the entry.
  public var kind: Kind
  /// The run of the engine in which it happened.
  public var run: String
  /// The session, with its last numbers and its end; nil for an event.
  public var session: SessionRow?
  /// The raw query of the session's request; not escaped for display.
  public var query: String?
  /// The session's subprotocol.
  public var subprotocol: String?
  /// The address of the listener that accepted the session.
  public var listener: String?
  /// The message of an event; not escaped for display.
  public var message: String?
  /// The actor, for an act.
  public var actor: String?
  /// The command line that does the same, for an act.
  public var command: String?

  /// The kinds of entries; events have the kinds of the log.
  public enum Kind: String, CaseIterable, Codable, Hashable, Sendable {
    /// A session that was closed.
    case session
    /// An act by a person or script.
    case act
    /// A limit was changed.
    case limit
    /// A start, a stop, or another condition of the engine's own.
    case engine
    /// A failure.
    case problem
  }

  /// The entry's number.
  public var id: Int { number }

  /// The entry of an event.
  public init(_ event: EngineEvent, run: String) {
    number = 0
    at = event.at
    kind =
      switch event.kind {
      case .act: .act
      case .limit: .limit
      case .engine: .engine
      case .problem: .problem
      }
    self.run = run
    message = event.message
    actor = event.actor
    command = event.command
  }

  /// The entry of a closed session.
  public init(
    _ session: SessionRow, at: Double, run: String, query: String? = nil,
    subprotocol: String? = nil, listener: String? = nil
  ) {
    number = 0
    self.at = at
    kind = .session
    self.run = run
    self.session = session
    self.query = query
    self.subprotocol = subprotocol
    self.listener = listener
  }

  /// An entry without details.
  public init(number: Int, at: Double, kind: Kind, run: String) {
    self.number = number
    self.at = at
    self.kind = kind
    self.run = run
  }
}
