package import Vocabulary

/// An upstream at one moment.
package struct UpstreamStatus: Sendable {
  /// Whether it takes sessions.
  package enum State: Hashable, Sendable {
    /// It does.
    case up
    /// It does not until an instant, but for one attempt where no other upstream is left.
    case down(until: Instant)
    /// It was told to take no new ones, and has some.
    case draining
    /// It was told to take no new ones, and has none.
    case drained
    /// It is in its route's list no more, and has sessions yet.
    case removed
  }

  /// The failure that came last.
  package struct Failure: Hashable, Sendable {
    /// The reason.
    package var reason: UpstreamFailure
    /// More about it, such as the system's error; may be of the upstream's making, and is not
    /// escaped for display.
    package var text: String
    /// The time.
    package var at: Instant
  }

  /// Whether it takes sessions.
  package var state: State
  /// Sessions that are open.
  package var sessionCount = 0
  /// Sessions whose opening is under way.
  package var openingCount = 0
  /// Sessions ever opened.
  package var openedCount = 0
  /// Failures, by reason; only those that occurred.
  package var failureCounts: [UpstreamFailure: Int] = [:]
  /// The last failure.
  package var lastFailure: Failure?
  /// The time from the first connect to the upstream's 101, of the last session.
  package var lastConnectTime: Duration?
  /// The same, of which each new one makes up an eighth (as RFC 6298 §2 has round trips).
  package var smoothedConnectTime: Duration?
}
