import Vocabulary

/// A rate: so many a second, and so many at once.
package struct RateLimit: Hashable, Sendable {
  /// How many each second, at least 1.
  package var perSecond: Int
  /// How many at once after a pause that was long enough, at least 1.
  package var burst: Int

  /// A rate.
  package init(perSecond: Int, burst: Int) {
    self.perSecond = perSecond
    self.burst = burst
  }

  /// A rate whose burst is one second's worth.
  package init(ofOneSecond count: Int) {
    self.init(perSecond: count, burst: count)
  }

  /// A rate from two limits; nil if the first is off, a second's worth at once if the other is.
  init?(perSecond: LimitValue, burst: LimitValue) {
    guard let count = perSecond.amount else { return nil }
    self.init(perSecond: count, burst: burst.amount ?? count)
  }
}
