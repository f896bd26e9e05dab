package import Vocabulary

/// Tokens that come at a steady rate, up to a burst, and are taken by arrivals.
///
/// More may be taken than there are: the bucket is in debt then, and the next arrival waits until
/// that is paid. So an arrival larger than the burst passes too, and is paced by its size. It reads
/// no clock; a time before the last one changes nothing.
package struct TokenBucket: Sendable, BitwiseCopyable {
  // `balance` is no whole number: at one token a minute a turn of a reactor would add nothing.
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

  /// Adds the tokens since the last time.
  ///
  /// - Parameter grace: how late the caller may be; tokens of that time are kept beyond the burst,
  ///   so that a late timer does not slow down the session that it wakes.
  package mutating func refill(now: Instant, grace: Duration = .zero) {
    guard now > countedAt else { return }
    let earned = Double(now.nanoseconds &- countedAt.nanoseconds) * perNanosecond
    countedAt = now
    balance = min(
      balance + earned, burst + Double(grace.wholeNanoseconds) * perNanosecond)
  }

  /// Whether a token is there, as of the last `refill`.
  package var holdsOne: Bool { balance >= 1 }

  /// Takes tokens, into debt if there are too few.
  package mutating func take(_ count: Int) {
    balance -= Double(count)
  }

  /// The time at which a token is there, if none is taken until then.
  package var holdsOneAt: Instant {
    guard balance < 1 else { return countedAt }
    let nanoseconds = ((1 - balance) / perNanosecond).rounded(.up)
    // A debt of many years is the end of time, not a trap.
    guard nanoseconds < 1e18 else { return Instant(nanoseconds: .max) }
    return countedAt.advanced(by: .nanoseconds(Int64(nanoseconds) + 1))
  }

  /// Changes the rate from now on; the balance or debt stays, up to the new burst.
  package mutating func change(to limit: RateLimit, now: Instant) {
    refill(now: now)
    perNanosecond = Double(limit.perSecond) * 1e-9
    burst = Double(limit.burst)
    balance = min(balance, burst)
  }
}
