public import Vocabulary

/// A request to close sessions: the body of `POST /v1/close` and, without IDs, of `POST
/// /v1/sessions/{id}/close`.
///
/// In JSON the selection's fields are beside the others.
public struct CloseRequest: Codable, Equatable, Sendable {
  /// The target and the pace.
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

  /// Decodes selection, code and reason from one object.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try ActSelection(from: decoder),
      code: try fields.decodeIfPresent(CloseCode.self, forKey: .code),
      reason: try fields.decodeIfPresent(String.self, forKey: .reason))
  }

  /// Encodes selection, code and reason as one object.
  public func encode(to encoder: any Encoder) throws {
    try selection.encode(to: encoder)
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encodeIfPresent(code, forKey: .code)
    try fields.encodeIfPresent(reason, forKey: .reason)
  }
}
