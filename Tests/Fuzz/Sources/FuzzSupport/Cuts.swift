/// A way to cut bytes into pieces, as a network would.
public struct Cuts: Sendable {
  private let choice: UInt8

  init(choice: UInt8) {
    self.choice = choice
  }

  /// The ends of the pieces that `count` bytes are cut into, the last of which is `count`.
  ///
  /// A choice of 0 cuts nothing and 1 everything; others cut at lengths that a generator with
  /// that seed gives, short ones or longer ones. Of many bytes only the first 4096 are cut.
  public func ends(of count: Int) -> [Int] {
    guard choice > 0 else { return [count] }
    var ends: [Int] = []
    var end = 0
    var state = UInt32(choice) &* 0x9E37_79B9 | 1
    let longest = choice == 1 ? 1 : choice < 128 ? 7 : 300
    while end < min(count, 4096) {
      state ^= state << 13
      state ^= state >> 17
      state ^= state << 5
      end = min(count, end + 1 + Int(state) % longest)
      ends.append(end)
    }
    if end < count || count == 0 { ends.append(count) }
    return ends
  }

  /// The pieces themselves.
  public func pieces(of bytes: [UInt8]) -> [[UInt8]] {
    var start = 0
    return ends(of: bytes.count).map { end in
      defer { start = end }
      return Array(bytes[start..<end])
    }
  }
}
