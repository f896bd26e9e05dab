/// The states of a session, in their order.
public enum SessionState: String, CaseIterable, Hashable, Sendable, Codable {
  /// The opening handshake is under way, or its handler has yet to accept.
  case opening
  /// Messages flow.
  case open
  /// A close frame was sent or received.
  case closing
  /// The connection is gone.
  case closed
}
