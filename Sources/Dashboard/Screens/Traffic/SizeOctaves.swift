package import ControlProtocol

extension SizeDistribution {
  /// Counts by powers of two: the element at `n` counts the messages of `2^n ..< 2^(n+1)` bytes,
  /// empty messages in the first one.
  package var octaves: [Int] {
    var result: [Int] = []
    for (range, count) in sizes {
      let low = range.lowerBound
      let octave = low == 0 ? 0 : 63 - UInt64(low).leadingZeroBitCount
      while result.count <= octave { result.append(0) }
      result[octave] &+= count
    }
    return result
  }
}
