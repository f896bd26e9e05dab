import Vocabulary

/// The counts and times of a thread of the load; those of several threads add up.
struct LoadTally: Sendable {
  /// Connections that were opened, and opened again.
  var openedCount = 0
  /// The ones of them inside the measured time.
  var measuredOpenedCount = 0
  /// Connections on which both sides agreed to compress.
  var compressedCount = 0
  /// Version and cipher of the connections, if they are encrypted.
  var tls: String?
  /// Connections that could not be opened.
  var failedCount = 0
  /// The failures of connections, before or after they were open.
  var failures: [LoadFailure: Int] = [:]
  /// The ends of connections that were open.
  var closes: [LoadClose: Int] = [:]
  /// Messages sent in the measured time.
  var sentCount = 0
  /// Messages received in the measured time.
  var receivedCount = 0
  /// The payload of the messages received in the measured time, in bytes.
  var receivedByteCount = 0
  /// The bytes sent and received in the measured time, frames' headers included.
  var wireSentByteCount = 0
  var wireReceivedByteCount = 0
  /// Echoes that were not what had been sent.
  var mismatchCount = 0
  /// Messages that came although none was asked for.
  var unexpectedCount = 0
  /// Messages without a reply when the load ended, or when their connection did.
  var unansweredCount = 0
  /// Messages that were due on a connection that was no longer, or never, open.
  var unsentCount = 0
  /// The time that handshakes took, in nanoseconds: from the call of `connect` to the 101.
  var handshakes = TimeRecord()
  /// The time that replies took, in nanoseconds.
  var latencies = TimeRecord()
  /// How long after they were due messages were sent, in paced mode, in nanoseconds: the delay by
  /// this side, or by a server that does not read.
  var delays = TimeRecord()
  /// The measured time; nothing is in it before it is set.
  var measured = Instant(nanoseconds: .max)..<Instant(nanoseconds: .max)
  /// The beginning of the first connection and the opening of the last one.
  var firstBegun = Instant(nanoseconds: .max)
  var lastOpened = Instant(nanoseconds: .min)

  /// Whether an instant lies in the measured time.
  func isMeasured(_ instant: Instant) -> Bool { measured.contains(instant) }

  /// Records a number of replies that took equally long; over an hour counts as an hour.
  mutating func record(replyTime: Duration, count: Int = 1) {
    latencies.record(replyTime, count: UInt64(count))
  }

  /// Records how late a message was sent.
  mutating func record(delay: Duration) {
    delays.record(delay)
  }

  /// Counts a connection that is open from now on.
  mutating func recordOpening(from begun: Instant, to now: Instant) {
    openedCount += 1
    if isMeasured(now) { measuredOpenedCount += 1 }
    handshakes.record(begun.duration(to: now))
    lastOpened = max(lastOpened, now)
  }

  /// Adds the tally of another thread.
  mutating func add(_ other: LoadTally) {
    openedCount += other.openedCount
    measuredOpenedCount += other.measuredOpenedCount
    compressedCount += other.compressedCount
    tls = tls ?? other.tls
    failedCount += other.failedCount
    failures.merge(other.failures, uniquingKeysWith: +)
    closes.merge(other.closes, uniquingKeysWith: +)
    sentCount += other.sentCount
    receivedCount += other.receivedCount
    receivedByteCount += other.receivedByteCount
    wireSentByteCount += other.wireSentByteCount
    wireReceivedByteCount += other.wireReceivedByteCount
    mismatchCount += other.mismatchCount
    unexpectedCount += other.unexpectedCount
    unansweredCount += other.unansweredCount
    unsentCount += other.unsentCount
    handshakes.add(other.handshakes)
    latencies.add(other.latencies)
    delays.add(other.delays)
    measured =
      min(
        measured.lowerBound, other.measured.lowerBound)..<Self.later(
        measured.upperBound, other.measured.upperBound)
    firstBegun = min(firstBegun, other.firstBegun)
    lastOpened = max(lastOpened, other.lastOpened)
  }

  /// The later of two ends; the end of a time that never began does not count.
  private static func later(_ one: Instant, _ other: Instant) -> Instant {
    let never = Instant(nanoseconds: .max)
    if one == never || other == never { return min(one, other) }
    return max(one, other)
  }
}
