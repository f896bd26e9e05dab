import Testing
import Vocabulary

@Suite("Buckets of message sizes")
struct SizeBucketsTests {
  @Test("Each bucket holds its bounds and nothing beyond")
  func bounds() {
    var expectedLow = 0
    for index in 0..<SizeBuckets.count {
      let range = SizeBuckets.range(of: index)
      #expect(range.lowerBound == expectedLow)
      #expect(SizeBuckets.index(of: range.lowerBound) == index)
      #expect(SizeBuckets.index(of: range.upperBound) == index)
      expectedLow = range.upperBound + 1
    }
    #expect(expectedLow == 1 << 40)
  }

  @Test("No bucket is wider than a sixteenth of its sizes")
  func width() {
    for index in 0..<SizeBuckets.count {
      let range = SizeBuckets.range(of: index)
      #expect(range.count == 1 || range.count * 16 <= range.lowerBound)
    }
  }

  @Test("Powers of two and their neighbours keep their order")
  func monotonic() {
    var last = -1
    for exponent in 2...41 {
      for size in [(1 << exponent) - 1, 1 << exponent, (1 << exponent) + 1] {
        let index = SizeBuckets.index(of: size)
        #expect(index >= last)
        last = index
      }
    }
  }

  @Test("Sizes out of range fall into the first and last bucket", arguments: [1 << 40, Int.max])
  func outside(size: Int) {
    #expect(SizeBuckets.index(of: size) == SizeBuckets.count - 1)
    #expect(SizeBuckets.index(of: -1) == 0)
  }
}
