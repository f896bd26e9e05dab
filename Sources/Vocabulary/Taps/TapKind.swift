/// What a tap shows: messages of either kind, and control frames (RFC 6455 §5.5, §5.6).
public enum TapKind: String, CaseIterable, Codable, Hashable, Sendable {
  case text, binary, ping, pong, close
}
