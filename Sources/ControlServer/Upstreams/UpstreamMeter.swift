internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine

/// The rates of upstreams in the last second, from differences of their counts between two ticks, while
/// a client looks.
struct UpstreamMeter {
  /// How long rates are measured after the last request for them.
  static let patience = Duration.seconds(10)
  /// The shortest time that makes a meaningful rate.
  private static let shortestSpan = Duration.milliseconds(400)

  /// The counts of an upstream at the last tick, and its rates between the last two.
  private struct Sample {
    // The upstream is kept with its sample, so that no other one has its identifier.
    let upstream: Upstream
    let counts: UpstreamTraffic.Counts
    var rates: GroupRow.Rates?
  }

  private var samples: [ObjectIdentifier: Sample] = [:]
  private var sampledAt: Instant?
  private var wantedUntil: Instant?

  /// Has rates measured: they are known from the tick after the next second on.
  mutating func want(_ upstreams: [Upstream], at now: Instant) {
    wantedUntil = now.advanced(by: Self.patience)
    if sampledAt == nil { sample(upstreams, at: now) }
  }

  /// Takes the counts of another second, if a client has looked lately.
  mutating func tick(_ upstreams: () -> [Upstream], at now: Instant) {
    guard let sampledAt, let wantedUntil else { return }
    guard now <= wantedUntil else {
      self = UpstreamMeter()
      return
    }
    if sampledAt.duration(to: now) >= Self.shortestSpan { sample(upstreams(), at: now) }
  }

  /// The rates of an upstream; nil while they are not known.
  func rates(of upstream: Upstream) -> GroupRow.Rates? {
    samples[ObjectIdentifier(upstream)]?.rates
  }

  private mutating func sample(_ upstreams: [Upstream], at now: Instant) {
    let seconds = sampledAt.map { $0.duration(to: now).inSeconds }
    var next: [ObjectIdentifier: Sample] = [:]
    for upstream in upstreams {
      var sample = Sample(upstream: upstream, counts: upstream.traffic.counts)
      if let seconds {
        // One that is new since the last tick had nothing then.
        let before = samples[ObjectIdentifier(upstream)]?.counts ?? UpstreamTraffic.Counts()
        sample.rates = Self.rates(from: before, to: sample.counts, over: seconds)
      }
      next[ObjectIdentifier(upstream)] = sample
    }
    samples = next
    sampledAt = now
  }

  private static func rates(
    from before: UpstreamTraffic.Counts, to after: UpstreamTraffic.Counts, over seconds: Double
  ) -> GroupRow.Rates {
    func rate(_ count: KeyPath<UpstreamTraffic.Counts, Int>) -> Double {
      Double(max(0, after[keyPath: count] &- before[keyPath: count])) / seconds
    }
    var rates = GroupRow.Rates()
    rates.messagesIn = rate(\.messagesIn)
    rates.messagesOut = rate(\.messagesOut)
    rates.bytesIn = rate(\.bytesIn)
    rates.bytesOut = rate(\.bytesOut)
    return rates
  }
}
