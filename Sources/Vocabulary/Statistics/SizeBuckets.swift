/// The log-linear buckets of message sizes: 16 an octave, at most 6.25 % wide.
///
/// Sizes 0–15 have a bucket each; from there every power of two is cut into 16 equal parts, up to
/// `2^40`; larger sizes fall into the last bucket. The same mapping serves the reactors, which
/// count, and the console, which draws.
public enum SizeBuckets {
  /// How many buckets there are.
  public static let count = 16 + 36 * 16

  /// The bucket of a size.
  @inlinable @inline(__always)
  public static func index(of size: Int) -> Int {
    let value = UInt64(max(size, 0))
    guard value >= 16 else { return Int(value) }
    let octave = 63 - value.leadingZeroBitCount
    guard octave < 40 else { return count - 1 }
    return (octave - 3) * 16 + Int((value >> UInt64(octave - 4)) & 15)
  }

  /// The sizes that fall into a bucket; the last one also takes all larger ones.
  public static func range(of index: Int) -> ClosedRange<Int> {
    guard index >= 16 else { return index...index }
    let octave = index / 16 + 3
    let width = 1 << (octave - 4)
    let low = (16 + index % 16) * width
    return low...(low + width - 1)
  }
}
