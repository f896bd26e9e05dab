package import Vocabulary

/// A hashed timer wheel: many deadlines that are mostly moved before they pass.
///
/// A deadline is a key; the owner keeps the true time beside the thing itself and sets the key
/// again when the wheel finds it early (lazy rescheduling): moving a deadline later costs nothing.
/// Deadlines pass up to one tick late, never early. Passed deadlines wait in the order of their
/// times until they are taken, so that many at once need not be seen to in one go. Keys that are no
/// longer current are dropped when the wheel comes past them, however late they were set for.
/// Rejected: a heap, since each pong would sift.
package struct Deadlines: ~Copyable {
  private var buckets: [[Entry]]
  private var current: Int64
  private let tick: Int64
  private var passed: [UInt64] = []
  /// How many of `passed` were taken.
  private var takenCount = 0
  /// No bucket before this tick holds anything; saves looking at all of them each turn.
  private var earliest = Int64.max

  private struct Entry {
    var key: UInt64
    var tick: Int64
  }

  /// How many deadlines wait, passed ones that were not taken included.
  package var count: Int { waitingCount + passed.count - takenCount }
  private var waitingCount = 0

  /// A wheel that starts to turn at an instant.
  package init(
    startingAt now: Instant, tick: Duration = .milliseconds(20), bucketCount: Int = 512
  ) {
    precondition(bucketCount.nonzeroBitCount == 1)
    self.tick = tick.wholeNanoseconds
    current = now.nanoseconds / self.tick
    buckets = Array(repeating: [], count: bucketCount)
  }

  /// Adds a deadline; the same key may wait more than once.
  package mutating func set(_ key: UInt64, at instant: Instant) {
    // Rounded up, and never into the past, so that no deadline passes early or waits for a
    // whole turn of the wheel.
    let (rounded, isFarAway) = instant.nanoseconds.addingReportingOverflow(tick - 1)
    let due = max(current + 1, (isFarAway ? .max : rounded) / tick)
    buckets[Int(due) & (buckets.count - 1)].append(Entry(key: key, tick: due))
    waitingCount += 1
    // A deadline beyond one turn of the wheel lies in a bucket that comes sooner.
    earliest = min(earliest, current + 1 + (due - current - 1) % Int64(buckets.count))
  }

  /// The time of the next look: the next bucket that holds anything, or nil if no deadline waits.
  package mutating func nextWakeUp(after now: Instant) -> Instant? {
    guard waitingCount > 0 else { return nil }
    if earliest <= current {
      earliest = current + 1
      while buckets[Int(earliest) & (buckets.count - 1)].isEmpty { earliest += 1 }
    }
    return Instant(nanoseconds: earliest * tick)
  }

  /// Whether deadlines have passed that were not taken.
  package var hasPassed: Bool { takenCount < passed.count }

  /// Turns the wheel to `now`; the keys whose deadline has passed are to be taken then.
  ///
  /// - Parameter isCurrent: whether a key is still in use; asked for the keys that the wheel comes
  ///   past.
  package mutating func advance(to now: Instant, isCurrent: (UInt64) -> Bool = { _ in true }) {
    let target = now.nanoseconds / tick
    guard target > current else { return }
    guard waitingCount > 0, target >= earliest else {
      current = target
      return
    }
    // After a long sleep one turn of the wheel visits every bucket.
    let steps = min(target - current, Int64(buckets.count))
    for step in 1...steps {
      let index = Int(current + step) & (buckets.count - 1)
      guard !buckets[index].isEmpty else { continue }
      var kept = 0
      for position in buckets[index].indices {
        let entry = buckets[index][position]
        guard isCurrent(entry.key) else { continue }
        if entry.tick <= target {
          passed.append(entry.key)
        } else {
          buckets[index][kept] = entry
          kept += 1
        }
      }
      waitingCount -= buckets[index].count - kept
      buckets[index].removeSubrange(kept...)
      // A bucket's capacity after a crowd is not kept for good.
      if buckets[index].capacity > 64, kept * 4 < buckets[index].capacity {
        buckets[index] = Array(buckets[index])
      }
    }
    current = target
  }

  /// The key whose deadline passed first, which no longer waits; nil if there is none.
  package mutating func takePassed() -> UInt64? {
    guard hasPassed else { return nil }
    defer {
      takenCount += 1
      if takenCount == passed.count {
        passed.removeAll(keepingCapacity: passed.capacity <= 1024)
        takenCount = 0
      }
    }
    return passed[takenCount]
  }
}
