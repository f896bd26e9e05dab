/// The columns that sessions can be sorted by; the names are those of the filter's keys.
public enum SortKey: String, CaseIterable, Codable, Hashable, Sendable {
  case id, route, path, address = "addr", port, state, age, idle
  case messagesIn = "in.messages"
  case messagesOut = "out.messages"
  case bytesIn = "in.bytes"
  case bytesOut = "out.bytes"
  case largest, backlog
  case roundTrip = "rtt"
  /// When it was closed; what lives comes last.
  case closed
  case code, who

  /// Whether a person who picks the column wants the greatest first.
  public var isDescendingByDefault: Bool {
    switch self {
    case .id, .route, .path, .address, .port, .state, .code, .who: false
    default: true
    }
  }
}
