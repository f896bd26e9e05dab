/// The columns of the session table, each of which it can be sorted by; the names are those of the
/// filter's keys.
public enum SortKey: String, CaseIterable, Codable, Hashable, Sendable {
  case id, route, path, address = "addr", port, state, age, idle
  case messagesIn = "in.messages"
  case messagesOut = "out.messages"
  case bytesIn = "in.bytes"
  case bytesOut = "out.bytes"
  case largest, backlog
  case roundTrip = "rtt"
  case messageRateIn = "in.messages/s"
  case messageRateOut = "out.messages/s"
  case byteRateIn = "in.bytes/s"
  case byteRateOut = "out.bytes/s"
  case wireIn = "in.wire"
  case wireOut = "out.wire"
  /// Payload bytes for each byte on the connection, of sessions with compression.
  case ratio
  case backlogPeak = "backlog.peak"
  case tls
  case subprotocol
  case userAgent = "ua"
  case rooms
  /// The session's tags, in the order of their keys.
  case tag
  /// When it was closed; what lives counts as closed after all others.
  case closed
  case code, who

  /// Whether a person who picks the column wants the greatest first.
  public var isDescendingByDefault: Bool {
    switch self {
    case .id, .route, .path, .address, .port, .state, .subprotocol, .userAgent, .tag, .code, .who:
      false
    default: true
    }
  }

  /// Whether the column is one of the last second, which the engine measures only while it is
  /// looked at.
  public var isRate: Bool {
    switch self {
    case .messageRateIn, .messageRateOut, .byteRateIn, .byteRateOut: true
    default: false
    }
  }
}
