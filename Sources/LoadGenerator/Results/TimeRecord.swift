import Histogram
import Vocabulary

/// Measured times: their percentiles to three digits, and their extremes and mean without rounding.
struct TimeRecord: Sendable {
  /// The longest time; longer ones are recorded as this: an hour, in nanoseconds.
  static let longest: UInt64 = 3_600_000_000_000

  /// The histogram from 1 ns to an hour with three significant digits, 280 KB.
  private(set) var histogram = Histogram<UInt64>(
    highestTrackableValue: longest, numberOfSignificantValueDigits: .three)
  /// The shortest, in nanoseconds; the greatest number if there is none.
  private(set) var minimum = UInt64.max
  /// The longest, in nanoseconds.
  private(set) var maximum: UInt64 = 0
  /// The sum of all, in nanoseconds: a million messages of an hour each are more than 64 bits.
  private var sum: UInt128 = 0

  /// How many there are.
  var count: UInt64 { histogram.totalCount }

  /// Their mean in nanoseconds, of the exact times and not of the histogram's buckets; 0 if there
  /// are none.
  var mean: Double { count == 0 ? 0 : Double(sum) / Double(count) }

  /// Records a number of times that are equal.
  mutating func record(_ duration: Duration, count: UInt64 = 1) {
    guard count > 0 else { return }
    let time = min(UInt64(max(0, duration.wholeNanoseconds)), Self.longest)
    histogram.record(time, count: count)
    minimum = min(minimum, time)
    maximum = max(maximum, time)
    sum += UInt128(time) * UInt128(count)
  }

  /// Adds the record of another thread.
  mutating func add(_ other: TimeRecord) {
    histogram.add(other.histogram)
    minimum = min(minimum, other.minimum)
    maximum = max(maximum, other.maximum)
    sum += other.sum
  }

  /// The time that a percentage of all took at most, in nanoseconds, within the shortest and the
  /// longest: the end of a bucket may lie beyond both.
  func value(at percent: Double) -> UInt64 {
    min(max(histogram.valueAtPercentile(percent), minimum), maximum)
  }
}
