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

  enum Unit {
    case count, bytes, seconds, milliseconds, code
  }

  var unit: Unit {
    switch self {
    case .port, .messagesIn, .messagesOut: .count
    case .bytesIn, .bytesOut, .largest, .backlog: .bytes
    case .age, .idle, .closed: .seconds
    case .roundTrip: .milliseconds
    case .code: .code
    }
  }
}
