public import Vocabulary

/// Closes sessions: the body of `POST /v1/close` and, without IDs, of `POST
/// /v1/sessions/{id}/close`.
///
/// In JSON the selection's fields stand beside the others.
public struct CloseRequest: Codable, Equatable, Sendable {
  /// Which sessions, and how fast.
  public var selection: ActSelection
  /// The close code; 1000 if nil.
  public var code: CloseCode?
  /// The reason, at most 123 bytes; empty if nil.
  public var reason: String?

  private enum CodingKeys: String, CodingKey {
    case code, reason
  }

  /// A request to close named sessions.
  public init(
    engine: String? = nil, sessions: [SessionID]? = nil, code: CloseCode? = nil,
    reason: String? = nil
  ) {
    self.init(ActSelection(engine: engine, sessions: sessions), code: code, reason: reason)
  }

  /// A request to close.
  public init(_ selection: ActSelection, code: CloseCode? = nil, reason: String? = nil) {
    self.selection = selection
    self.code = code
    self.reason = reason
  }

  /// Decodes the selection and the rest from one object.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try ActSelection(from: decoder),
      code: try fields.decodeIfPresent(CloseCode.self, forKey: .code),
      reason: try fields.decodeIfPresent(String.self, forKey: .reason))
  }

  /// Encodes the selection and the rest as one object.
  public func encode(to encoder: any Encoder) throws {
    try selection.encode(to: encoder)
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encodeIfPresent(code, forKey: .code)
    try fields.encodeIfPresent(reason, forKey: .reason)
  }
}

/// Sends a message: the body of `POST /v1/send` and, without IDs, of `POST /v1/sessions/{id}/send`.
///
/// Exactly one of `text`, `binary` and `ping` is set. In JSON the selection's fields stand beside
/// the others.
public struct SendRequest: Codable, Equatable, Sendable {
  /// Which sessions, and how fast.
  public var selection: ActSelection
  /// A text message.
  public var text: String?
  /// A binary message, in base 64.
  public var binary: String?
  /// A ping.
  public var ping: Bool?

  private enum CodingKeys: String, CodingKey {
    case text, binary, ping
  }

  /// A request to send to named sessions.
  public init(
    engine: String? = nil, sessions: [SessionID]? = nil, text: String? = nil,
    binary: String? = nil, ping: Bool? = nil
  ) {
    self.init(
      ActSelection(engine: engine, sessions: sessions), text: text, binary: binary, ping: ping)
  }

  /// A request to send.
  public init(
    _ selection: ActSelection, text: String? = nil, binary: String? = nil, ping: Bool? = nil
  ) {
    self.selection = selection
    self.text = text
    self.binary = binary
    self.ping = ping
  }

  /// Decodes the selection and the rest from one object.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try ActSelection(from: decoder),
      text: try fields.decodeIfPresent(String.self, forKey: .text),
      binary: try fields.decodeIfPresent(String.self, forKey: .binary),
      ping: try fields.decodeIfPresent(Bool.self, forKey: .ping))
  }

  /// Encodes the selection and the rest as one object.
  public func encode(to encoder: any Encoder) throws {
    try selection.encode(to: encoder)
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encodeIfPresent(text, forKey: .text)
    try fields.encodeIfPresent(binary, forKey: .binary)
    try fields.encodeIfPresent(ping, forKey: .ping)
  }
}

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

/// What a reload of the certificates and the log did; one that fails is refused (422) and changes nothing.
public struct ReloadResult: Codable, Equatable, Sendable {
  /// The engine's run.
  public var engine: String
  /// How many certificates were read; 0 if no listener speaks TLS.
  public var certificates: Int
  /// What is to be known of them, such as that one has expired; not escaped for display.
  @Tolerant public var warnings: [String]
  /// How many tokens of the control API were read; nil if it is served on this machine alone.
  @Tolerant public var tokens: Int? = nil
  /// The file of the log, which was opened again; nil if there is none, or it could not be opened.
  @Tolerant public var log: String? = nil

  /// A result.
  public init(engine: String, certificates: Int, warnings: [String] = []) {
    self.engine = engine
    self.certificates = certificates
    self.warnings = warnings
  }
}

/// A refusal by the control API: the body of every status from 400 up.
public struct ControlError: Codable, Equatable, Sendable, Error {
  /// What was wrong.
  public var error: Body

  /// A term for programs and a sentence for people.
  public struct Body: Codable, Equatable, Sendable {
    /// The term, such as `invalid-filter`.
    public var code: String
    /// The sentence.
    public var message: String
    /// The column at which a filter goes wrong, from 1.
    public var column: Int?
  }

  /// A refusal.
  public init(code: String, message: String, column: Int? = nil) {
    error = Body(code: code, message: message, column: column)
  }
}
