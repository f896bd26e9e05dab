import Vocabulary

/// Whether an upstream takes sessions, by how attempts to open one ended.
///
/// The first attempt that fails has it down for a second. After the pause one attempt is let
/// through: its success has the upstream up again, its failure makes the next pause twice as long, up to
/// a minute. Attempts that were under way when it went down say nothing any more.
///
/// It reads no clock and draws no random numbers.
struct UpstreamHealth: Sendable {
  /// The first pause.
  static let firstPause = Duration.seconds(1)
  /// The longest pause, before its jitter.
  static let longestPause = Duration.seconds(60)

  /// An attempt to open a session.
  struct Attempt: Hashable, Sendable {
    /// The kinds of attempts.
    enum Kind: UInt8, Sendable {
      /// One of any number while the upstream is up.
      case regular
      /// The one that is let through when the pause is over.
      case trial
      /// One before the end of the pause, since no other upstream is left either.
      case lastResort
    }

    let kind: Kind
    fileprivate let era: UInt32
  }

  /// A change that an attempt's end made.
  enum Change: Equatable {
    case wentUp(downFor: Duration)
    case wentDown
  }

  /// The end of the pause, while it is down.
  private(set) var retryAt: Instant?
  /// The time since which it is down.
  private var downSince = Instant(nanoseconds: 0)
  /// The reason why it is down.
  private(set) var reason: UpstreamFailure?
  private var pause = firstPause
  private var isTried = false
  /// How often it went up or down; attempts of an earlier era change nothing.
  private var era: UInt32 = 0

  var isUp: Bool { retryAt == nil }

  /// Whether it may be chosen as any other.
  func isAvailable(at now: Instant) -> Bool {
    guard let retryAt else { return true }
    return !isTried && retryAt <= now
  }

  /// Whether it may be chosen where no other is left.
  var isLastResort: Bool { !isUp && !isTried }

  /// Begins an attempt.
  mutating func begin(at now: Instant) -> Attempt {
    guard let retryAt else { return Attempt(kind: .regular, era: era) }
    // Two that found it up may come here one after the other, the second after it went down.
    guard !isTried else { return Attempt(kind: .regular, era: era &- 1) }
    isTried = true
    return Attempt(kind: retryAt <= now ? .trial : .lastResort, era: era)
  }

  /// Notes that an attempt succeeded.
  mutating func succeeded(_ attempt: Attempt, at now: Instant) -> Change? {
    guard attempt.era == era, !isUp else { return nil }
    return goUp(at: now)
  }

  /// Notes that an attempt failed.
  ///
  /// - Parameter jitter: a random number from 0 to 1, by which pauses are up to a quarter shorter or longer.
  mutating func failed(
    _ attempt: Attempt, _ reason: UpstreamFailure, at now: Instant, jitter: Double
  ) -> Change? {
    guard attempt.era == era else { return nil }
    guard !isUp else { return goDown(reason, until: now.advanced(by: pause(jitter)), at: now) }
    isTried = false
    self.reason = reason
    // An attempt before the end of the pause leaves the pause as it is: a busy route would make it
    // the longest at once.
    if attempt.kind == .trial {
      pause = min(pause * 2, Self.longestPause)
      retryAt = now.advanced(by: pause(jitter))
    }
    return nil
  }

  /// Notes that an attempt ended without an outcome, since its client left.
  mutating func abandoned(_ attempt: Attempt) {
    if attempt.era == era, !isUp { isTried = false }
  }

  // MARK: Checks

  /// Notes that an active check succeeded: it lifts what a check or a failure to connect has put
  /// down; an upstream that is down for its answers waits for its pause.
  mutating func checkSucceeded(at now: Instant) -> Change? {
    guard let reason, !isUp, isDownByCheck || reason.isOfConnecting else { return nil }
    return goUp(at: now)
  }

  /// Notes that an active check failed.
  ///
  /// - Parameter until: the time by which the next check's outcome is known; no attempt is let
  ///   through before.
  mutating func checkFailed(
    _ reason: UpstreamFailure, until: Instant, at now: Instant
  ) -> Change? {
    isDownByCheck = true
    guard isUp else {
      self.reason = reason
      retryAt = max(retryAt ?? until, until)
      return nil
    }
    return goDown(reason, until: until, at: now)
  }

  private var isDownByCheck = false

  private mutating func goUp(at now: Instant) -> Change {
    era &+= 1
    retryAt = nil
    reason = nil
    pause = Self.firstPause
    isTried = false
    isDownByCheck = false
    return .wentUp(downFor: downSince.duration(to: now))
  }

  private mutating func goDown(
    _ reason: UpstreamFailure, until: Instant, at now: Instant
  ) -> Change {
    era &+= 1
    retryAt = until
    downSince = now
    self.reason = reason
    pause = Self.firstPause
    isTried = false
    return .wentDown
  }

  private func pause(_ jitter: Double) -> Duration {
    pause * (0.75 + 0.5 * min(max(jitter, 0), 1))
  }
}
