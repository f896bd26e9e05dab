/// How messages are compressed with permessage-deflate, RFC 7692.
public enum CompressionMode: String, CaseIterable, Hashable, Sendable, Codable {
  /// Not at all: no offer is accepted.
  case off
  /// Each message for itself, with streams that all sessions of a reactor share: a session costs
  /// no memory.
  case shared
  /// With earlier messages as context, where the client does not object: a session has streams of
  /// its own, about 50 KiB.
  case dedicated
}
