internal import Vocabulary

/// The turns of an act's sessions: one after the other, at a rate, with pauses that vary at random.
struct ActPacing {
  /// The greatest lateness that is caught up at once; turns missed before that are let go, so that
  /// a pause of the machine does not end in a burst.
  static let maximumLateness = Duration.seconds(1)

  /// The turn of the next session.
  private(set) var nextAt: Instant
  private let pauseNanoseconds: Double
  private let jitter: Double

  /// A pace whose first session has its turn at once.
  ///
  /// - Parameters:
  ///   - rate: sessions per second, above 0.
  ///   - jitter: the share of itself by which each pause is longer or shorter at most, 0 to 1.
  init(rate: Double, jitter: Double, startingAt now: Instant) {
    nextAt = now
    pauseNanoseconds = 1e9 / rate
    self.jitter = jitter
  }

  /// Takes the turns that have come, and gives how many there are.
  mutating func take(
    at now: Instant, atMost maximum: Int, using generator: inout some RandomNumberGenerator
  ) -> Int {
    nextAt = max(nextAt, now.advanced(by: .zero - Self.maximumLateness))
    var count = 0
    while count < maximum, nextAt <= now {
      count += 1
      let share = jitter == 0 ? 1 : 1 + jitter * Double.random(in: -1...1, using: &generator)
      nextAt = nextAt.advanced(by: .nanoseconds(Int64(pauseNanoseconds * share)))
    }
    return count
  }
}
