/// The counts of one session in one turn of its reactor, summed in plain integers.
///
/// The reactor counts here while it reads and writes, and publishes the sum once.
package struct TurnDelta: Equatable, Sendable, BitwiseCopyable {
  /// Whole messages received.
  package var messagesIn = 0
  /// Whole messages sent.
  package var messagesOut = 0
  /// Payload bytes received.
  package var bytesIn = 0
  /// Payload bytes sent.
  package var bytesOut = 0
  /// Bytes received on the connection.
  package var wireIn = 0
  /// Bytes sent on the connection.
  package var wireOut = 0
  /// The largest message received in the turn, in bytes.
  package var largestIn = 0
  /// The largest message sent in the turn, in bytes.
  package var largestOut = 0
  /// Output that the peer has yet to take at the end of the turn, in bytes.
  package var backlog = 0

  /// A turn without any count.
  package init() {}

  /// Counts a message received.
  @inline(__always)
  package mutating func received(messageOf size: Int) {
    messagesIn &+= 1
    bytesIn &+= size
    if size > largestIn { largestIn = size }
  }

  /// Counts a message sent.
  @inline(__always)
  package mutating func sent(messageOf size: Int) {
    messagesOut &+= 1
    bytesOut &+= size
    if size > largestOut { largestOut = size }
  }
}
