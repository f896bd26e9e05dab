/// Something that happened in the engine: a line of `GET /v1/events` and of the Log screen.
public struct EngineEvent: Codable, Equatable, Sendable {
  /// Its number, from 1, without gaps.
  public var sequence: Int
  /// When, in seconds since 1970.
  public var at: Double
  /// What it is.
  public var kind: Kind
  /// One line for people; not escaped for display.
  public var message: String
  /// Who did it, for an act: `uid 1000 pid 4242`.
  public var actor: String?
  /// The command line that does the same, for an act.
  public var command: String?

  /// The kinds of events.
  public enum Kind: String, Codable, Hashable, Sendable {
    /// A person or script did something.
    case act
    /// A limit was changed.
    case limit
    /// The engine started, stops, or met a condition of its own.
    case engine
    /// Something went wrong.
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
