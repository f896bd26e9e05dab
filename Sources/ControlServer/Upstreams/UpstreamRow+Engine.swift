internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine

extension UpstreamRow {
  /// An upstream as it is now.
  init(_ upstream: Upstream, rates: GroupRow.Rates?, at now: Instant) {
    let status = upstream.status()
    self.init(route: upstream.route, name: upstream.name.text, state: Self.state(status))
    if case .down(let until) = status.state {
      retrySeconds = max(0, now.duration(to: until).inSeconds)
    }
    sessions = status.sessionCount
    opening = status.openingCount
    opened = status.openedCount
    let counts = upstream.traffic.counts
    messagesIn = counts.messagesIn
    messagesOut = counts.messagesOut
    bytesIn = counts.bytesIn
    bytesOut = counts.bytesOut
    self.rates = rates
    connectMilliseconds = status.lastConnectTime.map { $0.inSeconds * 1000 }
    smoothedConnectMilliseconds = status.smoothedConnectTime.map { $0.inSeconds * 1000 }
    for (reason, count) in status.failureCounts { failures.counts[reason.rawValue] = count }
    lastFailure = status.lastFailure.map { failure in
      Failure(
        reason: failure.reason.rawValue, message: failure.text,
        secondsAgo: max(0, failure.at.duration(to: now).inSeconds))
    }
  }

  private static func state(_ status: UpstreamStatus) -> State {
    switch status.state {
    case .up: .up
    case .down: .down
    case .draining: .draining
    case .drained: .drained
    case .removed: .removed
    }
  }
}
