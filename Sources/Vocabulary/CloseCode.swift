/// A WebSocket close code, known or not (RFC 6455 §7.4 and IANA's WebSocket Close Code registry).
public struct CloseCode: RawRepresentable, Hashable, Sendable, Codable, Comparable {
  /// The number, as it stands on the wire.
  public var rawValue: UInt16

  /// A code from its number; any number is kept, also one that must not be sent.
  public init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// 1000: the purpose of the connection was fulfilled.
  public static let normalClosure = CloseCode(rawValue: 1000)
  /// 1001: an endpoint is going away: a server stops, a page is left.
  public static let goingAway = CloseCode(rawValue: 1001)
  /// 1002: a violation of the protocol.
  public static let protocolError = CloseCode(rawValue: 1002)
  /// 1003: a kind of data that the endpoint cannot accept.
  public static let unsupportedData = CloseCode(rawValue: 1003)
  /// 1005: no code was in the close frame; never sent.
  public static let noStatusReceived = CloseCode(rawValue: 1005)
  /// 1006: the connection ended without a close frame; never sent.
  public static let abnormalClosure = CloseCode(rawValue: 1006)
  /// 1007: data that does not fit the message's type, such as text that is not UTF-8.
  public static let invalidFramePayloadData = CloseCode(rawValue: 1007)
  /// 1008: a message that breaks the endpoint's policy.
  public static let policyViolation = CloseCode(rawValue: 1008)
  /// 1009: a message too big to process.
  public static let messageTooBig = CloseCode(rawValue: 1009)
  /// 1010: the client needs an extension that the server did not negotiate.
  public static let mandatoryExtension = CloseCode(rawValue: 1010)
  /// 1011: the server met an unexpected condition.
  public static let internalError = CloseCode(rawValue: 1011)
  /// 1012: the service restarts.
  public static let serviceRestart = CloseCode(rawValue: 1012)
  /// 1013: the service is overloaded; try again later.
  public static let tryAgainLater = CloseCode(rawValue: 1013)
  /// 1014: a gateway got an invalid answer from upstream.
  public static let badGateway = CloseCode(rawValue: 1014)
  /// 1015: the TLS handshake failed; never sent.
  public static let tlsHandshake = CloseCode(rawValue: 1015)

  /// Whether the code may stand in a close frame (RFC 6455 §7.4.1, §7.4.2).
  ///
  /// 1004, 1005, 1006 and 1015 are reserved; 1016–2999 are unassigned; 3000–3999 belong to
  /// registered libraries and 4000–4999 to applications.
  public var mayBeSent: Bool {
    switch rawValue {
    case 1000...1003, 1007...1014, 3000...4999: true
    default: false
    }
  }

  /// IANA's name for the code in lower case, or nil for one that has none.
  public var name: String? {
    switch self {
    case .normalClosure: "normal closure"
    case .goingAway: "going away"
    case .protocolError: "protocol error"
    case .unsupportedData: "unsupported data"
    case .noStatusReceived: "no status received"
    case .abnormalClosure: "abnormal closure"
    case .invalidFramePayloadData: "invalid frame payload data"
    case .policyViolation: "policy violation"
    case .messageTooBig: "message too big"
    case .mandatoryExtension: "mandatory extension"
    case .internalError: "internal error"
    case .serviceRestart: "service restart"
    case .tryAgainLater: "try again later"
    case .badGateway: "bad gateway"
    case .tlsHandshake: "TLS handshake"
    default: nil
    }
  }

  /// Orders codes by their number.
  public static func < (left: CloseCode, right: CloseCode) -> Bool {
    left.rawValue < right.rawValue
  }
}
