/// SplitMix64: a generator any of whose numbers can be had without those before it.
struct SplitMix: RandomNumberGenerator {
  /// The state of the generator.
  var state: UInt64
  private static let step: UInt64 = 0x9E37_79B9_7F4A_7C15

  mutating func next() -> UInt64 {
    state &+= Self.step
    return Self.mixed(state)
  }

  /// The number at a place, counted from 0, of the row that a seed begins.
  static func number(_ place: Int, of seed: UInt64) -> UInt64 {
    mixed(seed &+ UInt64(truncatingIfNeeded: place) &* step)
  }

  private static func mixed(_ state: UInt64) -> UInt64 {
    var mixed = (state ^ state &>> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed &>> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed &>> 31
  }
}
