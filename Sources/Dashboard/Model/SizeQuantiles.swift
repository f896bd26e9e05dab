package import ControlProtocol
import Vocabulary

extension SizeDistribution {
  /// The size that a part of the messages does not exceed, to the width of a bucket; nil if there
  /// are no messages.
  package func quantile(_ part: Double) -> Int? {
    let counted = wellFormed
    let total = counted.reduce(0) { $0 &+ $1.count }
    guard total > 0 else { return nil }
    let rank = Swift.max(1, HumanText.whole(part * Double(total), .up))
    var seen = 0
    for bucket in counted {
      seen &+= bucket.count
      if seen >= rank { return Swift.min(SizeBuckets.range(of: bucket.index).upperBound, maximum) }
    }
    return maximum
  }

  /// Counts by powers of two: the element at `n` counts the messages of `2^n ..< 2^(n+1)` bytes,
  /// empty messages in the first one.
  package var octaves: [Int] {
    var result: [Int] = []
    for bucket in wellFormed {
      let low = SizeBuckets.range(of: bucket.index).lowerBound
      let octave = low == 0 ? 0 : 63 - UInt64(low).leadingZeroBitCount
      while result.count <= octave { result.append(0) }
      result[octave] &+= bucket.count
    }
    return result
  }

  /// The buckets that this version knows, with counts above 0.
  private var wellFormed: [(index: Int, count: Int)] {
    buckets.compactMap { pair in
      guard pair.count == 2, (0..<SizeBuckets.count).contains(pair[0]), pair[1] > 0 else {
        return nil
      }
      return (pair[0], pair[1])
    }
  }
}
