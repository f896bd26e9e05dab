public import Vocabulary

/// A request to send a message: the body of `POST /v1/send` and, without IDs, of `POST
/// /v1/sessions/{id}/send`.
///
/// Exactly one of `text`, `binary` and `ping` is set. In JSON the selection's fields are beside the
/// others.
public struct SendRequest: Codable, Equatable, Sendable {
  /// The target and the pace.
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

  /// Decodes selection and payload from one object.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try ActSelection(from: decoder),
      text: try fields.decodeIfPresent(String.self, forKey: .text),
      binary: try fields.decodeIfPresent(String.self, forKey: .binary),
      ping: try fields.decodeIfPresent(Bool.self, forKey: .ping))
  }

  /// Encodes selection and payload as one object.
  public func encode(to encoder: any Encoder) throws {
    try selection.encode(to: encoder)
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encodeIfPresent(text, forKey: .text)
    try fields.encodeIfPresent(binary, forKey: .binary)
    try fields.encodeIfPresent(ping, forKey: .ping)
  }
}
