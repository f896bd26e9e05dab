/// The direction of a message, seen from the engine.
public enum TapDirection: String, CaseIterable, Codable, Hashable, Sendable {
  /// From the client.
  case `in`
  /// To the client.
  case out
}
