/// The party or cause that ended a session; it is always known.
///
/// The text form, used in JSON and on the screen, is the kind, followed for some by a colon and the
/// limit or rule: `peer`, `limit:message-bytes`, `protocol:reserved-opcode`,
/// `timeout:idle-timeout`.
public enum CloseInitiator: Hashable, Sendable, CustomStringConvertible {
  /// The peer sent the first close frame.
  case peer
  /// The session's handler closed it, or failed.
  case handler
  /// A person closed it, through the control API.
  case `operator`
  /// A limit was broken.
  case limit(LimitKey)
  /// The peer broke a rule of the protocol, named by its term.
  case protocolViolation(String)
  /// A time limit passed.
  case timeout(LimitKey)
  /// The engine stops.
  case shutdown
  /// The connection ended without a close frame.
  case network
  /// The upstream of a relayed session closed it, or was lost.
  case upstream

  /// The nine kinds, which the close statistics count by.
  public enum Kind: String, CaseIterable, Hashable, Sendable, Codable, Comparable {
    case peer, handler, `operator`, limit, protocolViolation = "protocol", timeout, shutdown
    case network, upstream

    /// Orders kinds as they are declared.
    public static func < (left: Kind, right: Kind) -> Bool {
      (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
  }

  /// The kind, without the limit or rule.
  public var kind: Kind {
    switch self {
    case .peer: .peer
    case .handler: .handler
    case .operator: .operator
    case .limit: .limit
    case .protocolViolation: .protocolViolation
    case .timeout: .timeout
    case .shutdown: .shutdown
    case .network: .network
    case .upstream: .upstream
    }
  }

  /// The text form.
  public var description: String {
    switch self {
    case .limit(let key), .timeout(let key): "\(kind.rawValue):\(key.rawValue)"
    case .protocolViolation(let rule): "\(kind.rawValue):\(rule)"
    default: kind.rawValue
    }
  }

  /// Reads the text form.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
    guard let first = parts.first, let kind = Kind(rawValue: first) else { return nil }
    let detail = parts.count > 1 ? parts[1] : nil
    switch (kind, detail) {
    case (.peer, nil): self = .peer
    case (.handler, nil): self = .handler
    case (.operator, nil): self = .operator
    case (.shutdown, nil): self = .shutdown
    case (.network, nil): self = .network
    case (.upstream, nil): self = .upstream
    case (.protocolViolation, let rule?): self = .protocolViolation(rule)
    case (.limit, let name?):
      guard let key = LimitKey(rawValue: name) else { return nil }
      self = .limit(key)
    case (.timeout, let name?):
      guard let key = LimitKey(rawValue: name) else { return nil }
      self = .timeout(key)
    default: return nil
    }
  }
}

extension CloseInitiator: Codable {
  /// Decodes the text form.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let value = CloseInitiator(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\"\(text)\" does not say who closed a session")
    }
    self = value
  }

  /// Encodes the text form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
