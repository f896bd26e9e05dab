package import Vocabulary

/// One session's numbers at the time of a read.
///
/// All of them belong to the session named in `identity`. The counts may be of two turns: a reader
/// never makes the reactor wait.
package struct SessionSample: Equatable, Sendable {
  /// The session's identity.
  package var identity: SessionIdentity
  /// The state of the session.
  package var state: SessionState
  /// The flags of the session.
  package var flags: SessionFlags
  /// The time of the last message in, or of the record's making if none came; monotonic.
  package var lastIn: Instant
  /// The time of the last message out, or of the record's making if none went; monotonic.
  package var lastOut: Instant
  /// Messages received.
  package var messagesIn: Int
  /// Messages sent.
  package var messagesOut: Int
  /// Payload bytes received.
  package var bytesIn: Int
  /// Payload bytes sent.
  package var bytesOut: Int
  /// Bytes received on the connection.
  package var wireIn: Int
  /// Bytes sent on the connection.
  package var wireOut: Int
  /// The largest message received, in bytes.
  package var largestIn: Int
  /// The largest message sent, in bytes.
  package var largestOut: Int
  /// Output that the peer has yet to take, in bytes.
  package var backlog: Int
  /// The most that `backlog` ever was, in bytes.
  package var backlogPeak: Int
  /// Messages that were not sent because too much output waited, by `backlog-policy`.
  package var droppedMessages = 0
  /// The last round trip in whole microseconds, given in nanoseconds; nil before the first.
  package var roundTripLast: Int64?
  /// The smoothed round trip in whole microseconds, given in nanoseconds; nil before the first.
  package var roundTripSmoothed: Int64?
}

extension SessionSample {
  /// The numbers of a session that is gone and whose record could not be read: none.
  package init(unknown identity: SessionIdentity, at instant: Instant) {
    self.init(
      identity: identity, state: .closed, flags: [], lastIn: instant, lastOut: instant,
      messagesIn: 0, messagesOut: 0, bytesIn: 0, bytesOut: 0, wireIn: 0, wireOut: 0, largestIn: 0,
      largestOut: 0, backlog: 0, backlogPeak: 0, roundTripLast: nil, roundTripSmoothed: nil)
  }
}
