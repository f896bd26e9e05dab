/// A kind of traffic that a tap shows: text or binary messages, or a control frame (RFC 6455 §5.5,
/// §5.6).
public enum TapKind: String, CaseIterable, Codable, Hashable, Sendable {
  case text, binary, ping, pong, close
}
