import Testing
import WebSocketProtocol

/// The plain version of RFC 6455 §5.3: byte i XOR byte i mod 4 of the key.
private func masked(_ bytes: [UInt8], key: UInt32) -> [UInt8] {
  let key = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: key >> $0) }
  return bytes.indices.map { bytes[$0] ^ key[$0 % 4] }
}

@Suite("Masking, RFC 6455 §5.3")
struct MaskingTests {
  private let key: UInt32 = 0x37fa_213d

  @Test("Hello is masked as in RFC 6455 §5.7")
  func example() {
    var bytes: [UInt8] = [0x48, 0x65, 0x6c, 0x6c, 0x6f]
    var span = bytes.mutableSpan
    Masking.apply(key: key, to: &span, in: 0..<5)
    #expect(bytes == [0x7f, 0x9f, 0x4d, 0x51, 0x58])
  }

  @Test("Every length and alignment agrees with the plain version, and nothing beside changes")
  func inPlace() {
    for count in 0...300 {
      for start in 0..<9 {
        let original = pattern(count + start + 9)
        var bytes = original
        var span = bytes.mutableSpan
        Masking.apply(key: key, to: &span, in: start..<(start + count))
        let range = start..<(start + count)
        let expected =
          original[..<start] + masked(Array(original[range]), key: key)
          + original[range.upperBound...]
        guard bytes != Array(expected) else { continue }
        Issue.record("length \(count) at \(start)")
        return
      }
    }
  }

  @Test("A copy agrees with the plain version at every length and offset")
  func copy() {
    for count in 0...300 {
      for start in 0..<9 {
        let source = pattern(count)
        var bytes = [UInt8](repeating: 0xEE, count: count + start + 9)
        var span = bytes.mutableSpan
        Masking.copy(source.span, key: key, to: &span, at: start)
        let around = [UInt8](repeating: 0xEE, count: 9)
        let expected = around[..<start] + masked(source, key: key) + around
        guard bytes != Array(expected) else { continue }
        Issue.record("length \(count) at \(start)")
        return
      }
    }
  }

  @Test("A payload in two pieces needs the key rotated by the first", arguments: 0...70)
  func rotation(cut: Int) {
    let original = pattern(71)
    var bytes = original
    var span = bytes.mutableSpan
    Masking.apply(key: key, to: &span, in: 0..<cut)
    Masking.apply(key: Masking.rotated(key, by: cut), to: &span, in: cut..<71)
    #expect(bytes == masked(original, key: key))
  }

  @Test("Masking twice gives the bytes back")
  func involution() {
    var bytes = pattern(1000)
    var span = bytes.mutableSpan
    Masking.apply(key: key, to: &span, in: 0..<1000)
    Masking.apply(key: key, to: &span, in: 0..<1000)
    #expect(bytes == pattern(1000))
  }
}
