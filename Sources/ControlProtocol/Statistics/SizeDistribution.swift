internal import Vocabulary

/// A distribution of message sizes, in the buckets of `SizeBuckets`.
///
/// In JSON: `{"count":N,"maximum":N,"buckets":[[index,count],…]}`, empty buckets left out.
public struct SizeDistribution: TolerantlyCodable, Equatable, Sendable {
  /// The number of messages.
  @Tolerant public var count = 0
  /// The largest message, exactly.
  @Tolerant public var maximum = 0
  /// Pairs of a bucket's index and its count, in rising order of the index.
  @Tolerant public var buckets: [[Int]] = []

  /// No messages.
  public init() {}

  /// The distribution with the `n`-th count for the `n`-th bucket.
  ///
  /// - Parameter maximum: The largest message, which lies in the last bucket with a count.
  public init(bucketCounts: some Sequence<Int>, maximum: Int) {
    for (index, bucketCount) in bucketCounts.enumerated() where bucketCount > 0 {
      buckets.append([index, bucketCount])
      count &+= bucketCount
    }
    self.maximum = maximum
  }

  /// The buckets with messages and their sizes, in rising order.
  ///
  /// Buckets of another version that are invalid here are left out.
  public var sizes: [(range: ClosedRange<Int>, count: Int)] {
    buckets.compactMap { pair in
      guard pair.count == 2, (0..<SizeBuckets.count).contains(pair[0]), pair[1] > 0 else {
        return nil
      }
      return (SizeBuckets.range(of: pair[0]), pair[1])
    }
  }

  /// Adds the counts of another distribution, such as another reactor's.
  ///
  /// - Complexity: O(*n*) in the number of buckets with counts.
  public mutating func merge(_ other: SizeDistribution) {
    var merged: [[Int]] = []
    merged.reserveCapacity(max(buckets.count, other.buckets.count))
    var (left, right) = (buckets[...], other.buckets[...])
    while let first = left.first, let second = right.first {
      if first.first == second.first, first.count == 2, second.count == 2 {
        merged.append([first[0], first[1] &+ second[1]])
        left.removeFirst()
        right.removeFirst()
      } else if first.lexicographicallyPrecedes(second) {
        merged.append(left.removeFirst())
      } else {
        merged.append(right.removeFirst())
      }
    }
    buckets = merged + left + right
    count &+= other.count
    maximum = max(maximum, other.maximum)
  }

  /// The size that a share of the messages do not exceed, such as 0.99; nil without messages.
  ///
  /// It is the upper bound of a bucket, at most 6.25 % above the true size, or the maximum.
  public func percentile(_ share: Double) -> Int? {
    let sizes = sizes
    let total = sizes.reduce(0) { $0 &+ $1.count }
    guard total > 0 else { return nil }
    // 1e-6 absorbs rounding: 0.07 × 100 is a little over 7 in binary, and must not become 8.
    let wanted = max((min(max(share, 0), 1) * Double(total) - 1e-6).rounded(.up), 1)
    var passed = 0
    for (range, count) in sizes {
      passed &+= count
      if Double(passed) >= wanted { return min(range.upperBound, max(maximum, range.lowerBound)) }
    }
    return maximum
  }
}
