package import Vocabulary

/// Pings, their answers and the idle time of one session (RFC 6455 §5.5.2, §5.5.3).
///
/// A ping goes out every `pingInterval`, so that a busy session's round trip is known too, but
/// never while one is unanswered. Each session has a place of its own in the interval, so that
/// sessions that opened together, or whose interval was changed together, are not pinged together.
/// A peer is given up when it neither answers nor sends anything for `pongTimeout` after a ping: a
/// pong cannot overtake a long frame that is still arriving, so any byte counts as life. Idle means
/// no data message in either direction; pings do not count.
///
/// Bytes and messages only move ``deadline(under:lastMessage:)`` later, so the caller may keep one
/// timer a session, call ``tick(under:lastMessage:now:)`` when it fires and set it again. After a
/// pong and after a changed setting the deadline may be earlier: set the timer again then too.
package struct Keepalive: Sendable {
  /// The action that is due from the caller.
  package enum Action: Hashable, Sendable {
    /// Nothing.
    case none
    /// Send a ping with this payload, eight bytes in network order.
    case sendPing(payload: UInt64)
    /// The peer is gone: drop the connection (1006).
    case pongTimedOut
    /// No message for the idle time: close with 1001.
    case idleTimedOut
  }

  /// The interval and the timeouts; shared by the sessions that live under the same limits.
  package final class Timings: Sendable {
    // Nanoseconds count; 0 is off.
    fileprivate let pingNanoseconds: Int64
    fileprivate let pongNanoseconds: Int64
    fileprivate let idleNanoseconds: Int64

    /// Timings; nil turns a timer off.
    ///
    /// - Parameters:
    ///   - pingInterval: the time from one ping to the next.
    ///   - pongTimeout: the time a peer has to answer a ping.
    ///   - idleTimeout: the time without a message after which a session is closed.
    package init(pingInterval: Duration?, pongTimeout: Duration?, idleTimeout: Duration?) {
      pingNanoseconds = Self.nanoseconds(pingInterval)
      pongNanoseconds = Self.nanoseconds(pongTimeout)
      idleNanoseconds = Self.nanoseconds(idleTimeout)
    }

    /// The nanoseconds of a duration, at least one if it is set, since 0 is off.
    private static func nanoseconds(_ duration: Duration?) -> Int64 {
      duration.map { max(1, $0.wholeNanoseconds) } ?? 0
    }
  }

  private var receivedAt: Instant
  private var pingedAt: Instant
  private var sentPingCount: UInt32 = 0
  private var isAwaitingPong = false

  /// A session that opened at `now`.
  package init(now: Instant) {
    receivedAt = now
    pingedAt = now
  }

  /// Notes that bytes of any kind came from the peer.
  package mutating func noteReceived(now: Instant) {
    receivedAt = now
  }

  /// Takes a pong; gives the round-trip time if it answers the ping under way, else nil.
  ///
  /// Unsolicited pongs are allowed, and are ignored (RFC 6455 §5.5.3).
  ///
  /// - Parameter mask: the number that was combined with the payload of the ping, by exclusive or.
  package mutating func pongReceived(
    _ payload: Span<UInt8>, mask: UInt64 = 0, now: Instant
  ) -> Duration? {
    receivedAt = now
    guard isAwaitingPong, payload.count == 8 else { return nil }
    var value: UInt64 = 0
    for index in payload.indices { value = value << 8 | UInt64(payload[index]) }
    guard value ^ mask == UInt64(sentPingCount) else { return nil }
    isAwaitingPong = false
    return pingedAt.duration(to: now)
  }

  /// The time at which ``tick(under:lastMessage:now:)`` is to be called next; nil for never.
  ///
  /// - Parameters:
  ///   - lastMessage: the time of the last data message in either direction, or of the opening.
  ///   - place: the session's place in the interval, from its begin at 0 to its end at 2^32.
  package func deadline(
    under timings: Timings, lastMessage: Instant, place: UInt32 = 0
  ) -> Instant? {
    Self.earlier(
      Self.earlier(idleDeadline(timings, lastMessage), pongDeadline(timings)),
      pingDeadline(timings, place))
  }

  /// Applies other timings: a ping that they would have made due before is due in its place.
  package mutating func timingsChanged(to timings: Timings, now: Instant) {
    guard !isAwaitingPong, timings.pingNanoseconds != 0 else { return }
    pingedAt = max(
      pingedAt, Instant(nanoseconds: now.nanoseconds &- timings.pingNanoseconds / 2))
  }

  /// The action that is due, the session's end before another ping.
  ///
  /// - Parameters:
  ///   - lastMessage: the time of the last data message in either direction, or of the opening.
  ///   - place: the session's place in the interval, as for the deadline.
  package mutating func tick(
    under timings: Timings, lastMessage: Instant, place: UInt32 = 0, now: Instant
  ) -> Action {
    if let due = idleDeadline(timings, lastMessage), now >= due { return .idleTimedOut }
    if let due = pongDeadline(timings), now >= due { return .pongTimedOut }
    if let due = pingDeadline(timings, place), now >= due {
      return .sendPing(payload: pingNow(now: now))
    }
    return .none
  }

  /// Begins a ping out of turn and gives its payload; the next one in turn moves accordingly.
  package mutating func pingNow(now: Instant) -> UInt64 {
    sentPingCount &+= 1
    pingedAt = now
    isAwaitingPong = true
    return UInt64(sentPingCount)
  }

  private func idleDeadline(_ timings: Timings, _ lastMessage: Instant) -> Instant? {
    timings.idleNanoseconds == 0 ? nil : Self.advanced(lastMessage, timings.idleNanoseconds)
  }

  private func pongDeadline(_ timings: Timings) -> Instant? {
    guard isAwaitingPong && timings.pongNanoseconds != 0 else { return nil }
    return Self.advanced(max(pingedAt, receivedAt), timings.pongNanoseconds)
  }

  /// The session's place in an interval, at least half an interval after the last ping.
  private func pingDeadline(_ timings: Timings, _ place: UInt32) -> Instant? {
    let interval = timings.pingNanoseconds
    guard !isAwaitingPong && interval != 0 else { return nil }
    let earliest = Self.advanced(pingedAt, interval / 2)
    let offset = Int64(
      UInt64(interval).multipliedFullWidth(by: UInt64(place) << 32).high)
    let behind = (earliest.nanoseconds &- offset) % interval
    guard behind != 0 else { return earliest }
    return Self.advanced(earliest, behind > 0 ? interval - behind : -behind)
  }

  private static func earlier(_ left: Instant?, _ right: Instant?) -> Instant? {
    guard let left, let right else { return left ?? right }
    return min(left, right)
  }

  private static func advanced(_ instant: Instant, _ nanoseconds: Int64) -> Instant {
    let (sum, overflow) = instant.nanoseconds.addingReportingOverflow(nanoseconds)
    return Instant(nanoseconds: overflow ? .max : sum)
  }
}
