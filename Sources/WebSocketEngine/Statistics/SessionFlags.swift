/// The flags of a session, as bits in a statistics record.
package struct SessionFlags: OptionSet, Hashable, Sendable {
  /// One bit a flag.
  package var rawValue: UInt8

  /// A set from its bits.
  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// The connection is encrypted.
  package static let tls = SessionFlags(rawValue: 1)
  /// permessage-deflate was negotiated.
  package static let compressed = SessionFlags(rawValue: 2)
  /// The engine waits for the session to end, because it stops.
  package static let draining = SessionFlags(rawValue: 4)
  /// An operator watches its messages.
  package static let tapped = SessionFlags(rawValue: 8)
  /// It is not read from now, because it sends more than its rate allows.
  package static let throttled = SessionFlags(rawValue: 16)
}
