/// An event of the engine: a line of `GET /v1/events` and of the Log screen.
public struct EngineEvent: Codable, Equatable, Sendable {
  /// Its number, from 1, without gaps.
  public var sequence: Int
  /// The time, in seconds since 1970.
  public var at: Double
  /// The kind of the event.
  public var kind: Kind
  /// One line for people; not escaped for display.
  public var message: String
  /// The actor, for an act: `uid 1000 pid 4242`.
  public var actor: String?
  /// The command line that does the same, for an act.
  public var command: String?

  /// The kinds of events.
  public enum Kind: String, Codable, Hashable, Sendable {
    /// An act by a person or script.
    case act
    /// A limit was changed.
    case limit
    /// A start, a stop, or another condition of the engine's own.
    case engine
    /// A failure.
    case problem
  }

  /// An event.
  public init(
    sequence: Int, at: Double, kind: Kind, message: String, actor: String? = nil,
    command: String? = nil
  ) {
    self.sequence = sequence
    self.at = at
    self.kind = kind
    self.message = message
    self.actor = actor
    self.command = command
  }
}
