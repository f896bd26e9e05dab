import Vocabulary
package import WebSocketProtocol

/// The limits that hold for a session, resolved to plain integers for the data path.
///
/// Made once per change and shared by all sessions of a route; a session with overrides of its own
/// has one to itself. Times are in nanoseconds.
package final class SessionLimits: Sendable {
  /// The largest message, in or out, in bytes.
  package let messageByteCount: Int
  /// Longer messages leave in fragments of this many bytes.
  package let fragmentByteCount: Int
  /// Shorter messages are not compressed, in bytes.
  package let compressFromBytes: Int
  /// The most unsent output, in bytes.
  package let backlogByteCount: Int
  /// The consequence of more than `backlogByteCount`.
  package let backlogPolicy: BacklogPolicy
  /// How many messages the peer may send, or nil.
  package let messageRate: RateLimit?
  /// How many payload bytes the peer may send, or nil.
  package let byteRate: RateLimit?
  /// The consequence of a breach of either rate.
  package let ratePolicy: RatePolicy
  /// Whether there is a rate.
  package let hasRate: Bool
  /// The longest time without a message in either direction, or nil.
  package let idleTimeout: Int64?
  /// The longest time from a message's first byte to its last, or nil.
  package let messageTimeout: Int64?
  /// The time between pings, or nil for none.
  package let pingInterval: Int64?
  /// The longest wait for a pong, or nil.
  package let pongTimeout: Int64?
  /// The timings of the last three, as sessions share them: how often they are pinged, and when
  /// their peers are given up.
  package let keepalive: Keepalive.Timings
  /// The longest wait for the closing handshake.
  package let closeTimeout: Int64
  /// The longest wait for an upstream: connection, TLS and answer.
  package let upstreamTimeout: Int64
  /// The most rooms that the session may be in.
  package let roomsPerSession: Int

  /// The limits that hold for a session of a route.
  ///
  /// - Parameters:
  ///   - settings: the engine's and the routes' settings.
  ///   - route: the pattern of the session's route, or nil before routing.
  ///   - overrides: the session's own settings.
  package init(
    _ settings: LimitSettings, route: String? = nil, overrides: LimitOverrides = LimitOverrides()
  ) {
    func value(_ key: LimitKey) -> LimitValue {
      settings.value(key, route: route, overrides: overrides)
    }
    messageByteCount = value(.messageBytes).amountOrMaximum
    fragmentByteCount = value(.fragmentBytes).amountOrMaximum
    compressFromBytes = value(.compressFromBytes).amountOrMaximum
    backlogByteCount = value(.backlogBytes).amountOrMaximum
    backlogPolicy = value(.backlogPolicy) == .choice("drop") ? .drop : .close
    messageRate = RateLimit(perSecond: value(.messagesPerSecond), burst: value(.messagesBurst))
    byteRate = RateLimit(perSecond: value(.bytesPerSecond), burst: value(.bytesBurst))
    hasRate = messageRate != nil || byteRate != nil
    ratePolicy = value(.ratePolicy) == .choice("pause") ? .pause : .close
    idleTimeout = value(.idleTimeout).nanoseconds
    messageTimeout = value(.messageTimeout).nanoseconds
    pingInterval = value(.pingInterval).nanoseconds
    pongTimeout = value(.pongTimeout).nanoseconds
    keepalive = Keepalive.Timings(
      pingInterval: pingInterval.map(Duration.nanoseconds),
      pongTimeout: pongTimeout.map(Duration.nanoseconds),
      idleTimeout: idleTimeout.map(Duration.nanoseconds))
    closeTimeout = value(.closeTimeout).nanoseconds ?? .max
    upstreamTimeout = value(.upstreamTimeout).nanoseconds ?? .max
    roomsPerSession = value(.roomsPerSession).amountOrMaximum
  }
}
