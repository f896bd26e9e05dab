public import Vocabulary

/// One session as a table shows it; every field but the first eight may be missing when an engine
/// of another version sends it.
public struct SessionRow: Codable, Equatable, Sendable, Identifiable {
  /// The session's name.
  public var id: SessionID
  /// The pattern of the route that serves it, such as `/ws/chat/{room}`; empty before routing.
  public var route: String
  /// The path it asked for, still percent-encoded, without the query; not escaped for display.
  public var path: String
  /// The query of its request without the question mark, with its secrets redacted, cut at 256 bytes,
  /// not escaped for display; nil if there was none.
  public var query: String?
  /// The client's address without a port; for a Unix socket `unix`.
  public var address: String
  /// The client's port; 0 for a Unix socket, and if a trusted proxy does not say it.
  public var port: Int
  /// Where the session stands.
  public var state: SessionState
  /// When its connection was accepted, in seconds since 1970.
  public var openedAt: Double
  /// Seconds since the last message in either direction, or since it was opened.
  public var idleSeconds: Double
  /// Messages received.
  @Tolerant public var messagesIn = 0
  /// Messages sent.
  @Tolerant public var messagesOut = 0
  /// Payload bytes received.
  @Tolerant public var bytesIn = 0
  /// Payload bytes sent.
  @Tolerant public var bytesOut = 0
  /// Bytes received on the connection, frame headers and control frames included.
  @Tolerant public var wireBytesIn = 0
  /// Bytes sent on the connection, frame headers and control frames included.
  @Tolerant public var wireBytesOut = 0
  /// The largest message received, in bytes.
  @Tolerant public var largestIn = 0
  /// The largest message sent, in bytes.
  @Tolerant public var largestOut = 0
  /// Output that the peer has yet to take, in bytes.
  @Tolerant public var backlogBytes = 0
  /// The most that `backlogBytes` ever was.
  @Tolerant public var backlogPeakBytes = 0
  /// Messages that were not sent because too much output waited, by `backlog-policy`.
  @Tolerant public var droppedMessages = 0
  /// The round-trip time of the keepalive pings, smoothed; nil before the first pong.
  public var roundTripMilliseconds: Double?
  /// Whether the connection is encrypted.
  @Tolerant public var tls = false
  /// Whether permessage-deflate was negotiated.
  @Tolerant public var compressed = false
  /// Whether it is not read from now, because it sends more than its rate allows.
  @Tolerant public var throttled = false
  /// Whether an operator watches its messages.
  @Tolerant public var tapped = false
  /// The client's `User-Agent`, cut at 256 bytes; not escaped for display.
  public var userAgent: String?
  /// The subprotocol that was chosen; not escaped for display.
  public var subprotocol: String?
  /// Its rates over the last second; nil unless asked for, and before the first second.
  public var rates: SessionRates?
  /// The first of its rooms in the order of their names, not escaped for display; nil unless asked
  /// for.
  public var rooms: [String]?
  /// How many rooms it is in; nil unless asked for.
  public var roomCount: Int?
  /// Its tags in the order of their keys, each as a filter takes it, such as `user:olga`; not escaped
  /// for display; nil if it has none.
  public var tags: [String]?
  /// Seconds since its connection was accepted, or until it was gone; nil from an engine that does
  /// not tell.
  public var ageSeconds: Double?
  /// How it ended; nil for a live session.
  public var ending: SessionEnding?

  /// A session that has done nothing yet.
  public init(
    id: SessionID, route: String, path: String, address: String, port: Int, state: SessionState,
    openedAt: Double, idleSeconds: Double
  ) {
    self.id = id
    self.route = route
    self.path = path
    self.address = address
    self.port = port
    self.state = state
    self.openedAt = openedAt
    self.idleSeconds = idleSeconds
  }

  /// Payload bytes for each byte on the connection, frame headers and control frames included, in
  /// both directions together; nil without compression, and before the first byte.
  public var compressionRatio: Double? {
    let wire = Double(wireBytesIn) + Double(wireBytesOut)
    guard compressed, wire > 0 else { return nil }
    return (Double(bytesIn) + Double(bytesOut)) / wire
  }
}
