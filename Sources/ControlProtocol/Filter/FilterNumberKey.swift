/// The keys of a filter whose values are numbers.
public enum FilterNumberKey: String, CaseIterable, Hashable, Sendable {
  case port
  /// Seconds since the connection was accepted.
  case age
  /// Seconds since the last message.
  case idle
  case messagesIn = "in.messages"
  case messagesOut = "out.messages"
  case bytesIn = "in.bytes"
  case bytesOut = "out.bytes"
  /// The largest message in either direction, in bytes.
  case largest
  case backlog
  /// The smoothed round-trip time in milliseconds.
  case roundTrip = "rtt"
  /// Seconds since the session was closed.
  case closed
  /// The close code.
  case code
  /// Messages and payload bytes of the last second.
  case messageRateIn = "in.messages/s"
  case messageRateOut = "out.messages/s"
  case byteRateIn = "in.bytes/s"
  case byteRateOut = "out.bytes/s"
  /// Bytes on the connection.
  case wireIn = "in.wire"
  case wireOut = "out.wire"
  /// Payload bytes for each byte on the connection, of sessions with compression.
  case ratio
  /// How many rooms the session is in.
  case rooms

  enum Unit {
    case count, bytes, seconds, milliseconds, code, ratio
  }

  var unit: Unit {
    switch self {
    case .port, .messagesIn, .messagesOut, .messageRateIn, .messageRateOut, .rooms: .count
    case .bytesIn, .bytesOut, .largest, .backlog, .byteRateIn, .byteRateOut, .wireIn, .wireOut:
      .bytes
    case .age, .idle, .closed: .seconds
    case .roundTrip: .milliseconds
    case .code: .code
    case .ratio: .ratio
    }
  }

  /// Whether the number is of the last second, which is measured only while it is looked at.
  var isRate: Bool {
    switch self {
    case .messageRateIn, .messageRateOut, .byteRateIn, .byteRateOut: true
    default: false
    }
  }
}
