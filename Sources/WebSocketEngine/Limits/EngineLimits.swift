import Vocabulary

/// The limits that hold for the whole engine, resolved to plain integers.
package struct EngineLimits: Hashable, Sendable {
  /// The most open sessions, as set; descriptors may allow fewer.
  package var sessionCount: Int
  /// The most open sessions from one address, or nil.
  package var sessionsPerAddress: Int?
  /// The most opening handshakes a second, or nil.
  package var handshakesPerSecond: Int?
  /// The most connections in the opening handshake.
  package var openingCount: Int
  /// The most bytes in inboxes, partial messages and backlogs together.
  package var bufferedByteCount: Int
  /// The longest time for the opening handshake, in nanoseconds.
  package var handshakeTimeout: Int64
  /// The largest head of a request, in bytes.
  package var headerByteCount: Int

  /// The limits that settings make.
  package init(_ settings: LimitSettings) {
    sessionCount = settings.value(.sessions).amountOrMaximum
    sessionsPerAddress = settings.value(.sessionsPerAddress).amount
    handshakesPerSecond = settings.value(.handshakesPerSecond).amount
    openingCount = settings.value(.openings).amountOrMaximum
    bufferedByteCount = settings.value(.bufferedBytes).amountOrMaximum
    handshakeTimeout = settings.value(.handshakeTimeout).nanoseconds ?? .max
    headerByteCount = settings.value(.headerBytes).amountOrMaximum
  }
}
