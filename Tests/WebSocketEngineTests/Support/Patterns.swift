import Glibc

/// Bytes that differ from place to place, so that a swapped piece shows.
func pattern(_ count: Int, seed: Int = 0) -> [UInt8] {
  // A block that is no power of two long, repeated: quick also without optimization.
  var state = UInt32(truncatingIfNeeded: seed &* 7919 &+ 12345)
  var block: [UInt8] = []
  for _ in 0..<min(count, 9973) {
    state = state &* 1_664_525 &+ 1_013_904_223
    block.append(UInt8(truncatingIfNeeded: state >> 24))
  }
  var bytes: [UInt8] = []
  bytes.reserveCapacity(count + block.count)
  while bytes.count < count { bytes += block }
  bytes.removeLast(bytes.count - count)
  return bytes
}

/// Whether two arrays are equal, quickly also without optimization.
func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
  left.count == right.count && memcmp(left, right, left.count) == 0
}
