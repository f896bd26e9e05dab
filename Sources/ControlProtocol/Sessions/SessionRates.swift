/// The rates of one session, per second, over the last second or so.
public struct SessionRates: Codable, Equatable, Sendable {
  /// Messages received.
  @Tolerant public var messagesIn = 0.0
  /// Messages sent.
  @Tolerant public var messagesOut = 0.0
  /// Payload bytes received.
  @Tolerant public var bytesIn = 0.0
  /// Payload bytes sent.
  @Tolerant public var bytesOut = 0.0

  /// A session that did nothing.
  public init() {}
}
