internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine

/// The closes of the last minute, ten minutes and hour, from differences of the ledger's counts.
///
/// Each interval keeps 60 earlier states of the counts, a sixtieth of its length apart, which is
/// the precision of its beginning.
struct CloseHistory {
  /// How many earlier states an interval has.
  static let sampleCount = 60

  private struct Sample {
    var instant: Instant
    var closes: [CloseLedger.Close]
  }

  private var samples: [(seconds: Int, ring: Ring<Sample>)] = []

  /// Begins with the closes that the ledger already has.
  init(startingAt instant: Instant, _ closes: [CloseLedger.Close]) {
    for seconds in CloseInterval.lengths {
      // The capacity is one more, since the first and the last have so many steps between them.
      var ring = Ring<Sample>(capacity: Self.sampleCount + 1)
      ring.append(Sample(instant: instant, closes: closes))
      samples.append((seconds, ring))
    }
  }

  /// Takes the counts at an instant; to be called at least once in a second.
  mutating func add(_ closes: [CloseLedger.Close], at instant: Instant) {
    for index in samples.indices {
      let step = Duration.seconds(samples[index].seconds / Self.sampleCount)
      // Half a second is subtracted, since the caller's clock is not exact to the step.
      let due = step - .milliseconds(500)
      guard let last = samples[index].ring.last, last.instant.duration(to: instant) >= due else {
        continue
      }
      samples[index].ring.append(Sample(instant: instant, closes: closes))
    }
  }

  /// The closes of each interval up to now.
  func intervals(_ closes: [CloseLedger.Close], at instant: Instant) -> [CloseInterval] {
    samples.map { seconds, ring in
      // The base is the oldest sample that is not older than the interval, or else the newest.
      let length = Duration.seconds(seconds) + .milliseconds(500)
      let base =
        ring.suffix(ring.count).first { $0.instant.duration(to: instant) <= length } ?? ring.last
      guard let base else { return CloseInterval(seconds: seconds, elapsed: 0, closes: []) }
      var before: [CloseCode: [CloseInitiator.Kind: Int]] = [:]
      for close in base.closes { before[close.code, default: [:]][close.initiator] = close.count }
      return CloseInterval(
        seconds: seconds,
        elapsed: min(Double(seconds), max(0, base.instant.duration(to: instant).inSeconds)),
        closes: closes.compactMap { close in
          let count = close.count - (before[close.code]?[close.initiator] ?? 0)
          return count > 0 ? CloseCount(code: close.code, by: close.initiator, count: count) : nil
        })
    }
  }
}
