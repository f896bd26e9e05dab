package import ControlProtocol
package import Vocabulary

/// Closes per second by code, out of the totals in the last snapshots.
package struct CloseRates: Equatable, Sendable {
  private var samples: [Sample] = []

  private struct Sample: Equatable, Sendable {
    var at: Double
    var counts: [CloseCode: Int]
  }

  /// The span that rates are averaged over, in seconds.
  package static let window = 10.0

  /// No rates yet.
  package init() {}

  /// Adds the totals of a snapshot.
  package mutating func add(_ closes: [CloseCount], at now: Double) {
    if let last = samples.last, now < last.at { samples = [] }
    if let last = samples.last, samples.count > 1, now - samples[samples.count - 2].at < 0.5 {
      samples[samples.count - 1] = Sample(at: now, counts: last.counts)
    } else {
      samples.append(Sample(at: now, counts: [:]))
    }
    samples[samples.count - 1].counts = closes.reduce(into: [:]) { counts, close in
      counts[close.code, default: 0] &+= close.count
    }
    while samples.count > 2, now - samples[1].at >= Self.window { samples.removeFirst() }
  }

  /// Closes per second with a code; nil before there are two snapshots.
  package func perSecond(of code: CloseCode) -> Double? {
    perSecond { $0[code] ?? 0 }
  }

  /// Closes per second with any code but these.
  package func perSecond(without codes: [CloseCode]) -> Double? {
    perSecond { counts in
      counts.reduce(0) { codes.contains($1.key) ? $0 : $0 &+ $1.value }
    }
  }

  private func perSecond(_ count: ([CloseCode: Int]) -> Int) -> Double? {
    guard let first = samples.first, let last = samples.last, last.at - first.at >= 0.5 else {
      return nil
    }
    return max(0, Double(count(last.counts) &- count(first.counts)) / (last.at - first.at))
  }
}
