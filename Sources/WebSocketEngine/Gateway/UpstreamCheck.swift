package import Vocabulary

/// The schedule of the active check of one upstream: when it is asked, and what its answer says.
///
/// It does no I/O and reads no clock: its owner connects, sends `GET` with the path, and tells how that
/// ended.
package struct UpstreamCheck: Sendable {
  /// What is asked, and how often.
  package struct Settings: Hashable, Sendable {
    /// The path and query of the request.
    package let path: String
    /// The time between the beginnings of two checks; each is up to a tenth earlier or later.
    package var interval = Duration.seconds(5)
    /// How long an answer may take; longer than half the interval is as half the interval.
    package var timeout = Duration.seconds(2)

    /// The longest path, in bytes.
    package static let maximumPathByteCount = 1024

    /// Settings with a path, if it is one: `/` and visible characters of ASCII (RFC 9112 §3.2.1).
    package init?(path: String) {
      guard path.utf8.first == UInt8(ascii: "/"), path.utf8.count <= Self.maximumPathByteCount,
        path.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") })
      else { return nil }
      self.path = path
    }
  }

  /// A thing to do.
  package enum Action: Equatable, Sendable {
    /// Connect and ask, and tell `ended` how that went.
    case begin
    /// End the connection of the check that is under way; its outcome is the verdict.
    case giveUp(Verdict)
  }

  /// The end of a check.
  package enum Outcome: Equatable, Sendable {
    /// The upstream answered with a status.
    case status(Int)
    /// It did not.
    case failed(UpstreamFailure, text: String)
  }

  /// What a check says of the upstream.
  package enum Verdict: Equatable, Sendable {
    /// It is up.
    case up
    /// It is down, and the next check's outcome is known by a time.
    case down(UpstreamFailure, text: String, until: Instant)
  }

  private enum Phase: Sendable {
    case waiting(until: Instant)
    case asking(until: Instant)
  }

  /// What is asked, and how often.
  package let settings: Settings
  private var phase: Phase
  private var beganAt: Instant

  /// A schedule whose first check comes within a second, so that those of many upstreams are spread.
  ///
  /// - Parameter jitter: a random number from 0 to 1.
  package init(_ settings: Settings, at now: Instant, jitter: Double) {
    self.settings = settings
    beganAt = now
    let pause = min(settings.interval, .seconds(1)) * min(max(jitter, 0), 1)
    phase = .waiting(until: now.advanced(by: pause))
  }

  /// The time to call `tick`.
  package var deadline: Instant {
    switch phase {
    case .waiting(let until), .asking(let until): until
    }
  }

  /// Whether a check is under way.
  package var isAsking: Bool {
    if case .asking = phase { return true }
    return false
  }

  /// Passes the time.
  ///
  /// - Parameter jitter: a random number from 0 to 1.
  /// - Returns: what to do now; nil: nothing before `deadline`.
  package mutating func tick(at now: Instant, jitter: Double) -> Action? {
    guard deadline <= now else { return nil }
    switch phase {
    case .waiting:
      beganAt = now
      phase = .asking(until: now.advanced(by: timeout))
      return .begin
    case .asking:
      let text = "no answer to GET \(settings.path) in \(timeout.inSeconds) s"
      return .giveUp(verdict(.failed(.timedOut, text: text), at: now, jitter: jitter))
    }
  }

  /// Takes the end of the check that is under way.
  ///
  /// - Parameter jitter: a random number from 0 to 1.
  /// - Returns: what it says; nil if none was under way, as it was given up.
  package mutating func ended(
    _ outcome: Outcome, at now: Instant, jitter: Double
  ) -> Verdict? {
    isAsking ? verdict(outcome, at: now, jitter: jitter) : nil
  }

  private var timeout: Duration { min(settings.timeout, settings.interval / 2) }

  private mutating func verdict(
    _ outcome: Outcome, at now: Instant, jitter: Double
  ) -> Verdict {
    let interval = settings.interval * (0.9 + 0.2 * min(max(jitter, 0), 1))
    let next = beganAt.next(every: interval, after: now)
    phase = .waiting(until: next)
    let until = next.advanced(by: timeout)
    switch outcome {
    case .status(200...399): return .up
    case .status(let status):
      let reason: UpstreamFailure =
        switch status {
        case 503: .unavailable
        case 504: .gatewayTimeout
        default: .badAnswer
        }
      let text = "answered \(status) to GET \(settings.path), where 200 to 399 is up"
      return .down(reason, text: text, until: until)
    case .failed(let reason, let text): return .down(reason, text: text, until: until)
    }
  }
}
