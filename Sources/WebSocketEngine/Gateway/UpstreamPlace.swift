package import Vocabulary

/// The place that a session takes at an upstream, from the attempt to open it there until its end;
/// giving it up is the only way to leave, and happens once.
///
/// One that is given up before its attempt succeeded or failed, since the client left, says nothing of
/// the upstream.
package struct UpstreamPlace: ~Copyable, Sendable {
  /// The outcome of the attempt.
  enum Outcome: UInt8, Sendable {
    case none
    case opened
    case failed
  }

  /// The upstream.
  package let upstream: Upstream
  private let attempt: UpstreamHealth.Attempt
  private var outcome = Outcome.none

  init(_ upstream: Upstream, _ attempt: UpstreamHealth.Attempt) {
    self.upstream = upstream
    self.attempt = attempt
  }

  deinit {
    upstream.leave(attempt, outcome)
  }

  /// Notes that the upstream took the session: it is up.
  ///
  /// - Parameter connectTime: the time from the first connect to its 101.
  /// - Precondition: nothing was noted before.
  package mutating func succeeded(connectTime: Duration, at now: Instant) {
    precondition(outcome == .none, "an attempt ends once")
    outcome = .opened
    upstream.opened(attempt, in: connectTime, at: now)
  }

  /// Notes a failure.
  ///
  /// Before the session is open it has the upstream down for a while, unless the upstream went down
  /// or up since the attempt began. The end of an open session is counted, and says nothing of the
  /// next one's.
  ///
  /// - Parameters:
  ///   - text: more about it, such as the system's error; the first 256 bytes are kept.
  /// - Precondition: no failure was noted before.
  package mutating func failed(_ reason: UpstreamFailure, _ text: String, at now: Instant) {
    switch outcome {
    case .none:
      outcome = .failed
      upstream.failed(attempt, reason, text, at: now)
    case .opened: upstream.lost(reason, text, at: now)
    case .failed: preconditionFailure("an attempt ends once")
    }
  }

  /// Gives the place up.
  package consuming func end() {}
}
