import Vocabulary

/// The messages and bytes that a session's peer may send now, where a rate is set.
///
/// A session without a rate has none of this. A message needs one token of each bucket to begin;
/// its bytes are taken as they come, into debt if need be. Beginning another one before that is
/// paid is the breach, and reading waits for it where the policy is to pause. Confined to the
/// session's reactor.
final class SessionRate {
  /// How late the reactor may wake a session whose tokens are back; nothing is lost by that.
  private static let grace = Duration.milliseconds(100)

  /// The consequence of a breach of the rate.
  private(set) var policy: RatePolicy
  private var messages: TokenBucket?
  private var bytes: TokenBucket?
  /// How much of the message under way was taken out of `bytes` already.
  private var takenByteCount: Int
  /// The time of the timer that was set last.
  private var timer = Instant(nanoseconds: .min)

  /// Full buckets; nil if the limits set no rate.
  ///
  /// - Parameter byteCount: the bytes received of the message under way, which are not charged any
  ///   more.
  init?(_ limits: SessionLimits, receivedByteCount byteCount: Int, now: Instant) {
    guard limits.hasRate else { return nil }
    policy = limits.ratePolicy
    messages = limits.messageRate.map { TokenBucket($0, now: now) }
    bytes = limits.byteRate.map { TokenBucket($0, now: now) }
    takenByteCount = byteCount
  }

  /// Applies other limits from now on; false if they set no rate any more.
  func adopt(_ limits: SessionLimits, now: Instant) -> Bool {
    policy = limits.ratePolicy
    Self.change(&messages, to: limits.messageRate, now: now)
    Self.change(&bytes, to: limits.byteRate, now: now)
    return messages != nil || bytes != nil
  }

  private static func change(_ bucket: inout TokenBucket?, to limit: RateLimit?, now: Instant) {
    guard let limit else {
      bucket = nil
      return
    }
    bucket?.change(to: limit, now: now)
    bucket = bucket ?? TokenBucket(limit, now: now)
  }

  /// Adds the tokens since the last time.
  ///
  /// - Parameter isPaused: whether the peer waits for it, so that none of it may be lost.
  func refill(now: Instant, isPaused: Bool = false) {
    let grace = isPaused ? Self.grace : .zero
    messages?.refill(now: now, grace: grace)
    bytes?.refill(now: now, grace: grace)
  }

  /// The limit that keeps a message from beginning now, or nil.
  var exhausted: LimitKey? {
    if messages?.holdsOne == false { return .messagesPerSecond }
    return bytes?.holdsOne == false ? .bytesPerSecond : nil
  }

  /// The time at which a message may begin.
  var allowsMessageAt: Instant {
    max(messages?.holdsOneAt ?? .distantPast, bytes?.holdsOneAt ?? .distantPast)
  }

  /// The time to set a timer for, if none is there that comes early enough.
  func timerDue(now: Instant) -> Instant? {
    let due = allowsMessageAt
    guard timer <= now || due < timer else { return nil }
    timer = due
    return due
  }

  /// Takes a whole message.
  ///
  /// - Returns: the limit that it breaks, or nil.
  func take(messageOf byteCount: Int) -> LimitKey? {
    let breach = messages?.holdsOne == false ? LimitKey.messagesPerSecond : nil
    messages?.take(1)
    let bytesBreach = take(upTo: byteCount)
    takenByteCount = 0
    return breach ?? bytesBreach
  }

  /// Takes the bytes received of a message that is not complete.
  ///
  /// - Parameter byteCount: all of them, those taken before included.
  /// - Returns: the limit that it breaks by beginning, or nil.
  func take(partOf byteCount: Int) -> LimitKey? {
    take(upTo: byteCount)
  }

  private func take(upTo byteCount: Int) -> LimitKey? {
    // A message may be shorter than its parts, once compressed bytes are counted while they come.
    let count = max(0, byteCount - takenByteCount)
    let isBreach = takenByteCount == 0 && bytes?.holdsOne == false
    bytes?.take(count)
    takenByteCount = max(takenByteCount, byteCount)
    return isBreach && count > 0 ? .bytesPerSecond : nil
  }
}

extension Instant {
  fileprivate static let distantPast = Instant(nanoseconds: .min)
}

@available(*, unavailable)
extension SessionRate: Sendable {}
