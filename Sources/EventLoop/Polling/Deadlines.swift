package import Vocabulary

/// A hashed timer wheel: many deadlines that are mostly moved before they pass.
///
/// A deadline is a key; the owner keeps the true time beside the thing itself and sets the key
/// again when the wheel finds it early (lazy rescheduling): moving a deadline later costs nothing.
/// Deadlines pass up to one tick late, never early. Rejected: a heap, since each pong would sift.
package struct Deadlines: ~Copyable {
  private var buckets: [[Entry]]
  private var current: Int64
  private let tick: Int64
  private var passed: [UInt64] = []
  /// No bucket before this tick holds anything; saves looking at all of them each turn.
  private var earliest = Int64.max

  private struct Entry {
    var key: UInt64
    var tick: Int64
  }

  /// How many deadlines wait.
  package private(set) var count = 0

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
    count += 1
    // A deadline beyond one turn of the wheel lies in a bucket that comes sooner.
    earliest = min(earliest, current + 1 + (due - current - 1) % Int64(buckets.count))
  }

  /// When to look again: the next bucket that holds anything, or nil if no deadline waits.
  package mutating func nextWakeUp(after now: Instant) -> Instant? {
    guard count > 0 else { return nil }
    if earliest <= current {
      earliest = current + 1
      while buckets[Int(earliest) & (buckets.count - 1)].isEmpty { earliest += 1 }
    }
    return Instant(nanoseconds: earliest * tick)
  }

  /// Turns the wheel to `now` and gives the keys whose deadline has passed.
  package mutating func advance(to now: Instant) -> [UInt64] {
    let target = now.nanoseconds / tick
    guard target > current else { return [] }
    guard count > 0, target >= earliest else {
      current = target
      return []
    }
    passed.removeAll(keepingCapacity: true)
    // After a long sleep one turn of the wheel visits every bucket.
    let steps = min(target - current, Int64(buckets.count))
    for step in 1...steps {
      let index = Int(current + step) & (buckets.count - 1)
      guard !buckets[index].isEmpty else { continue }
      var kept = 0
      for position in buckets[index].indices {
        let entry = buckets[index][position]
        if entry.tick <= target {
          passed.append(entry.key)
        } else {
          buckets[index][kept] = entry
          kept += 1
        }
      }
      buckets[index].removeSubrange(kept...)
    }
    current = target
    count -= passed.count
    return passed
  }
}
