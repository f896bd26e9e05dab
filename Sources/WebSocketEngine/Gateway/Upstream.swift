import Synchronization
package import Vocabulary
package import WebSocketProtocol

/// One of the services behind a route: what it was asked, how that ended, and whether it is asked
/// again.
///
/// Shared by all reactors. Its lock is taken when a session is opened, ends or fails, never per
/// message.
package final class Upstream: Sendable {
  /// The longest text that is kept of a failure, in bytes.
  static let maximumTextByteCount = 256

  private struct State {
    var health = UpstreamHealth()
    var isDraining = false
    var isRemoved = false
    /// Sessions, and attempts to open one.
    var placeCount = 0
    var sessionCount = 0
    var openedCount = 0
    var failureCounts = [Int](repeating: 0, count: UpstreamFailure.allCases.count)
    var lastFailure: UpstreamStatus.Failure?
    var lastConnectTime: Duration?
    var smoothedConnectTime: Duration?

    mutating func count(_ reason: UpstreamFailure, _ text: String, at now: Instant) {
      failureCounts[reason.index] += 1
      lastFailure = UpstreamStatus.Failure(
        reason: reason, text: text.cut(to: Upstream.maximumTextByteCount), at: now)
    }
  }

  /// The pattern of the route whose list it is in.
  package let route: String
  /// The name by which people and requests call it: its URL as it stands in the list of its route;
  /// names are compared by their bytes.
  package let name: UTF8Name
  /// Where and how it is reached.
  package let url: UpstreamURL
  /// The messages and bytes between the engine and it.
  package let traffic: UpstreamTraffic
  /// Its share of the keys of a policy that hashes.
  let key: UpstreamKey
  private let notices: Notices
  private let jitter: @Sendable () -> Double
  private let state = Mutex(State())

  init(
    _ url: UpstreamURL, route: String, reactorCount: Int, notices: Notices,
    jitter: @escaping @Sendable () -> Double
  ) {
    self.route = route
    self.url = url
    name = UTF8Name(url.description)
    self.notices = notices
    self.jitter = jitter
    traffic = UpstreamTraffic(reactorCount: reactorCount)
    key = UpstreamKey(url.description.utf8)
  }

  /// It at this moment.
  package func status() -> UpstreamStatus {
    state.withLock { state in
      var status = UpstreamStatus(state: .up)
      if state.isRemoved {
        status.state = .removed
      } else if state.isDraining {
        status.state = state.placeCount == 0 ? .drained : .draining
      } else if let retryAt = state.health.retryAt {
        status.state = .down(until: retryAt)
      }
      status.sessionCount = state.sessionCount
      status.openingCount = state.placeCount - state.sessionCount
      status.openedCount = state.openedCount
      for reason in UpstreamFailure.allCases where state.failureCounts[reason.index] > 0 {
        status.failureCounts[reason] = state.failureCounts[reason.index]
      }
      status.lastFailure = state.lastFailure
      status.lastConnectTime = state.lastConnectTime
      status.smoothedConnectTime = state.smoothedConnectTime
      return status
    }
  }

  /// The sessions and the attempts to open one.
  var placeCount: Int { state.withLock { $0.placeCount } }

  // MARK: Being chosen

  /// What a choice among upstreams looks at.
  struct Candidacy {
    var placeCount: Int
    var isAvailable: Bool
    /// The end of its pause, if it may be chosen before where no other is left.
    var lastResort: Instant?
  }

  /// Whether it may be chosen, and how many sessions it has; nil if it takes none.
  func candidacy(at now: Instant) -> Candidacy? {
    state.withLock { state in
      guard !state.isDraining, !state.isRemoved else { return nil }
      let health = state.health
      return Candidacy(
        placeCount: state.placeCount, isAvailable: health.isAvailable(at: now),
        lastResort: health.isLastResort ? health.retryAt : nil)
    }
  }

  /// Takes a place for a session to be opened.
  func takePlace(at now: Instant) -> UpstreamPlace {
    let attempt = state.withLock { state in
      state.placeCount += 1
      return state.health.begin(at: now)
    }
    return UpstreamPlace(self, attempt)
  }

  // MARK: What became of places

  func opened(_ attempt: UpstreamHealth.Attempt, in connectTime: Duration, at now: Instant) {
    let change = state.withLock { state in
      state.sessionCount += 1
      state.openedCount += 1
      state.lastConnectTime = connectTime
      let old = state.smoothedConnectTime ?? connectTime
      state.smoothedConnectTime = old + (connectTime - old) / 8
      return state.health.succeeded(attempt, at: now)
    }
    tell(change)
  }

  func failed(
    _ attempt: UpstreamHealth.Attempt, _ reason: UpstreamFailure, _ text: String, at now: Instant
  ) {
    let jitter = jitter()
    let change = state.withLock { state in
      state.count(reason, text, at: now)
      return state.health.failed(attempt, reason, at: now, jitter: jitter)
    }
    tell(change, reason, text)
  }

  func lost(_ reason: UpstreamFailure, _ text: String, at now: Instant) {
    state.withLock { $0.count(reason, text, at: now) }
  }

  func leave(_ attempt: UpstreamHealth.Attempt, _ outcome: UpstreamPlace.Outcome) {
    let isDrained = state.withLock { state in
      state.placeCount -= 1
      switch outcome {
      case .none: state.health.abandoned(attempt)
      case .opened: state.sessionCount -= 1
      case .failed: break
      }
      return state.isDraining && !state.isRemoved && state.placeCount == 0
    }
    if isDrained { notices.post(.upstreamDrained(route: route, name: name.text)) }
  }

  // MARK: Checks

  /// Takes the outcome of an active check.
  package func checked(_ verdict: UpstreamCheck.Verdict, at now: Instant) {
    switch verdict {
    case .up:
      tell(state.withLock { $0.health.checkSucceeded(at: now) })
    case .down(let reason, let text, let until):
      let change = state.withLock { state in
        state.count(reason, text, at: now)
        return state.health.checkFailed(reason, until: until, at: now)
      }
      tell(change, reason, text)
    }
  }

  // MARK: Operators

  /// Has it take no new sessions; those that it has stay.
  ///
  /// - Returns: false if it was draining already.
  @discardableResult
  package func drain() -> Bool {
    let (isNew, isDrained) = state.withLock { state in
      defer { state.isDraining = true }
      return (!state.isDraining, !state.isDraining && state.placeCount == 0)
    }
    if isDrained { notices.post(.upstreamDrained(route: route, name: name.text)) }
    return isNew
  }

  /// Has it take sessions again after `drain`.
  ///
  /// - Returns: false if it was not draining.
  @discardableResult
  package func resume() -> Bool {
    state.withLock { state in
      defer { state.isDraining = false }
      return state.isDraining
    }
  }

  /// Notes whether its route's list has it.
  func setRemoved(_ isRemoved: Bool) {
    state.withLock { $0.isRemoved = isRemoved }
  }

  private func tell(
    _ change: UpstreamHealth.Change?, _ reason: UpstreamFailure? = nil, _ text: String = ""
  ) {
    switch change {
    case nil: break
    case .wentUp(let downFor):
      notices.post(
        .upstreamUp(
          route: route, name: name.text,
          downMilliseconds: Int(clamping: downFor.wholeNanoseconds / 1_000_000)))
    case .wentDown:
      guard let reason else { break }
      notices.post(
        .upstreamDown(
          route: route, name: name.text, reason: reason,
          detail: text.cut(to: Self.maximumTextByteCount)))
    }
  }
}
