/// The side of a connection an endpoint stands on; it decides who masks (RFC 6455 §5.1).
public enum Role: Hashable, Sendable {
  /// Receives masked frames and sends unmasked ones.
  case server
  /// Receives unmasked frames and sends masked ones.
  case client
}
