/// The limits that sessions live under: one table, from which flags, environment, control API,
/// console editor and documentation all come.
public enum LimitKey: String, CaseIterable, Hashable, Sendable, Codable {
  case messageBytes = "message-bytes"
  case fragmentBytes = "fragment-bytes"
  case compressFromBytes = "compress-from-bytes"
  case sessions
  case sessionsPerAddress = "sessions-per-address"
  case handshakesPerSecond = "handshakes-per-second"
  case messagesPerSecond = "messages-per-second"
  case messagesBurst = "messages-burst"
  case bytesPerSecond = "bytes-per-second"
  case bytesBurst = "bytes-burst"
  case ratePolicy = "rate-policy"
  case backlogBytes = "backlog-bytes"
  case backlogPolicy = "backlog-policy"
  case bufferedBytes = "buffered-bytes"
  case openings
  case handshakeTimeout = "handshake-timeout"
  case messageTimeout = "message-timeout"
  case idleTimeout = "idle-timeout"
  case pingInterval = "ping-interval"
  case pongTimeout = "pong-timeout"
  case closeTimeout = "close-timeout"
  case upstreamTimeout = "upstream-timeout"
  case headerBytes = "header-bytes"
  case roomsPerSession = "rooms-per-session"

  /// The row of the table: unit, default, range, scopes and help.
  public var definition: LimitDefinition {
    switch self {
    case .messageBytes:
      LimitDefinition(
        .bytes, default: .amount(1 << 20), range: 1...(1 << 40), scopes: .all,
        inheritedName: "MAX_WS_MESSAGE_BYTES", onBreach: "close 1009",
        help: "largest message, in or out")
    case .fragmentBytes:
      LimitDefinition(
        .bytes, default: .amount(64 << 10), range: 125...(1 << 30), scopes: .all,
        inheritedName: "WS_SEND_CHUNK_BYTES", onBreach: "shapes output",
        help: "longer messages leave as one message in fragments of this size")
    case .compressFromBytes:
      LimitDefinition(
        .bytes, default: .amount(128), range: 1...(1 << 30), scopes: .all,
        onBreach: "shapes output",
        help: "shorter messages leave uncompressed, whatever was negotiated")
    case .sessions:
      LimitDefinition(
        .count, default: .amount(100_000), range: 1...10_000_000, scopes: .engine,
        onBreach: "refuse 503", help: "open sessions at once")
    case .sessionsPerAddress:
      LimitDefinition(
        .count, default: .off, range: 1...10_000_000, scopes: .engine, onBreach: "refuse 429",
        help: "open sessions at once from one address")
    case .handshakesPerSecond:
      LimitDefinition(
        .count, default: .off, range: 1...1_000_000, scopes: .engine, onBreach: "refuse 503",
        help: "opening handshakes let in each second, and at once")
    case .messagesPerSecond:
      LimitDefinition(
        .count, default: .off, range: 1...1_000_000_000, scopes: .all, onBreach: "rate-policy",
        help: "messages received from one session each second")
    case .messagesBurst:
      LimitDefinition(
        .count, default: .off, range: 1...1_000_000_000, scopes: .all, onBreach: "rate-policy",
        help: "messages that may come at once; off: those of one second")
    case .bytesPerSecond:
      LimitDefinition(
        .bytes, default: .off, range: 1...(1 << 40), scopes: .all, onBreach: "rate-policy",
        help: "payload bytes received from one session each second")
    case .bytesBurst:
      LimitDefinition(
        .bytes, default: .off, range: 1...(1 << 40), scopes: .all, onBreach: "rate-policy",
        help: "payload bytes that may come at once; off: those of one second")
    case .ratePolicy:
      LimitDefinition(
        .choice(["close", "pause"]), default: .choice("close"), range: 0...0, scopes: .all,
        onBreach: "–", help: "beyond a rate: close with 1008, or do not read until it fits")
    case .backlogBytes:
      LimitDefinition(
        .bytes, default: .amount(4 << 20), range: 1024...(1 << 40), scopes: .all,
        onBreach: "backlog-policy", help: "unsent output held for one session")
    case .backlogPolicy:
      LimitDefinition(
        .choice(["close", "drop"]), default: .choice("close"), range: 0...0, scopes: .all,
        onBreach: "–", help: "at backlog-bytes: close with 1008, or drop the newest message")
    case .bufferedBytes:
      LimitDefinition(
        .bytes, default: .amount(256 << 20), range: (1 << 20)...(1 << 44), scopes: .engine,
        onBreach: "refuse 503, then close 1008",
        help: "inboxes, partial messages, backlogs, broadcasts under way and openings, all together"
      )
    case .openings:
      LimitDefinition(
        .count, default: .amount(10_000), range: 1...10_000_000, scopes: .engine,
        onBreach: "the oldest goes", help: "connections in the opening handshake at once")
    case .handshakeTimeout:
      LimitDefinition(
        .time, default: .amount(10_000), range: 100...3_600_000, scopes: .engine,
        onBreach: "refuse 408", help: "time to finish the opening handshake")
    case .messageTimeout:
      LimitDefinition(
        .time, default: .off, range: 100...604_800_000, scopes: .all, onBreach: "close 1008",
        help: "time to finish a message that was begun")
    case .idleTimeout:
      LimitDefinition(
        .time, default: .off, range: 100...604_800_000, scopes: .all, onBreach: "close 1001",
        help: "time without a message in either direction")
    case .pingInterval:
      LimitDefinition(
        .time, default: .amount(30_000), range: 100...86_400_000, scopes: .all, permitsOff: true,
        onBreach: "–", help: "time between pings")
    case .pongTimeout:
      LimitDefinition(
        .time, default: .amount(20_000), range: 100...3_600_000, scopes: .all, permitsOff: true,
        onBreach: "close 1006",
        help: "time to wait for a pong; ten times that behind output not taken")
    case .closeTimeout:
      LimitDefinition(
        .time, default: .amount(5000), range: 100...600_000, scopes: .all,
        onBreach: "TCP close",
        help: "time to wait for the closing handshake; ten times that behind output not taken")
    case .upstreamTimeout:
      LimitDefinition(
        .time, default: .amount(10_000), range: 100...600_000, scopes: [.engine, .route],
        onBreach: "refuse 504",
        help: "time for an upstream to connect and to answer the opening handshake")
    case .headerBytes:
      LimitDefinition(
        .bytes, default: .amount(16 << 10), range: 256...(1 << 20), scopes: .engine,
        onBreach: "refuse 431", help: "size of a request's head")
    case .roomsPerSession:
      LimitDefinition(
        .count, default: .amount(64), range: 0...1_000_000, scopes: .all,
        onBreach: "an error to the handler", help: "rooms that one session may be in")
    }
  }

  /// The environment variable that sets the limit, such as `WSTOP_MESSAGE_BYTES`.
  public var environmentName: String {
    "WSTOP_"
      + String(
        decoding: rawValue.utf8.map { byte in
          byte == UInt8(ascii: "-") ? UInt8(ascii: "_") : byte & 0xDF
        }, as: UTF8.self)
  }
}
