package import Vocabulary

/// Tokens that come at a steady rate, up to a burst, and are taken by what arrives.
///
/// More may be taken than there are: the bucket is in debt then, and whoever asks next waits until
/// that is paid. So something larger than the burst passes too, and is paced by its size. It reads
/// no clock; a time before one that was seen changes nothing.
package struct TokenBucket: Sendable, BitwiseCopyable {
  // Not whole tokens: at one a minute a turn of a reactor would add nothing.
  private var balance: Double
  private var burst: Double
  private var perNanosecond: Double
  private var countedAt: Instant

  /// A full bucket.
  package init(_ limit: RateLimit, now: Instant) {
    balance = Double(limit.burst)
    burst = Double(limit.burst)
    perNanosecond = Double(limit.perSecond) * 1e-9
    countedAt = now
  }

  /// Adds what has come since the last time.
  ///
  /// - Parameter grace: how late the caller may be; what came in that time is kept beyond the
  ///   burst, so that a late timer does not slow down whom it wakes.
  package mutating func refill(now: Instant, grace: Duration = .zero) {
    guard now > countedAt else { return }
    let earned = Double(now.nanoseconds &- countedAt.nanoseconds) * perNanosecond
    countedAt = now
    balance = min(
      balance + earned, burst + Double(grace.wholeNanoseconds) * perNanosecond)
  }

  /// Whether a token is there; of what was counted by `refill`.
  package var holdsOne: Bool { balance >= 1 }

  /// Takes tokens, also those that are not there.
  package mutating func take(_ count: Int) {
    balance -= Double(count)
  }

  /// When a token is there, if none is taken until then.
  package var holdsOneAt: Instant {
    guard balance < 1 else { return countedAt }
    let nanoseconds = ((1 - balance) / perNanosecond).rounded(.up)
    // A debt of many years is the end of time, not a trap.
    guard nanoseconds < 1e18 else { return Instant(nanoseconds: .max) }
    return countedAt.advanced(by: .nanoseconds(Int64(nanoseconds) + 1))
  }

  /// Makes it fill at another rate from now on; what it holds or owes stays, up to the new burst.
  package mutating func change(to limit: RateLimit, now: Instant) {
    refill(now: now)
    perNanosecond = Double(limit.perSecond) * 1e-9
    burst = Double(limit.burst)
    balance = min(balance, burst)
  }
}
