import ControlProtocol
import TestSupport
import Testing
import Vocabulary

@Suite("Distributions of message sizes")
struct SizeDistributionTests {
  static func distribution(of sizes: [Int]) -> SizeDistribution {
    var counts = Array(repeating: 0, count: SizeBuckets.count)
    for size in sizes { counts[SizeBuckets.index(of: size)] += 1 }
    return SizeDistribution(bucketCounts: counts, maximum: sizes.max() ?? 0)
  }

  @Test("Empty buckets are left out")
  func construction() throws {
    let distribution = Self.distribution(of: [0, 3, 3, 100])
    #expect(distribution.count == 4)
    #expect(distribution.maximum == 100)
    #expect(distribution.buckets == [[0, 1], [3, 2], [SizeBuckets.index(of: 100), 1]])
    #expect(distribution.sizes.map(\.count) == [1, 2, 1])
    #expect(try distribution.sizes.at(2).range.contains(100))
  }

  @Test(
    "A percentile is the bound of a bucket, at most 6.25 % too large",
    arguments: [(0.0, 1), (0.01, 1), (0.07, 7), (0.5, 50), (0.9, 90), (0.99, 99), (1.0, 100)]
      as [(Double, Int)])
  func percentile(share: Double, size: Int) throws {
    let value = try #require(Self.distribution(of: Array(1...100)).percentile(share))
    #expect(value >= size)
    #expect(Double(value) <= Double(size) * 1.0625)
  }

  @Test("The largest message is exact, and nothing has no percentile")
  func extremes() {
    #expect(Self.distribution(of: [1_000_001]).percentile(0.5) == 1_000_001)
    #expect(Self.distribution(of: [1 << 45]).percentile(1) == (1 << 40) - 1)
    #expect(SizeDistribution().percentile(0.5) == nil)
    #expect(Self.distribution(of: [5, 6]).percentile(-1) == 5)
    #expect(Self.distribution(of: [5, 6]).percentile(7) == 6)
  }

  @Test("Merging is counting together")
  func merge() {
    let sizes = [[0, 1, 17, 400], [], [1, 1, 5000, 1 << 41], [400]]
    var merged = SizeDistribution()
    for part in sizes { merged.merge(Self.distribution(of: part)) }
    #expect(merged == Self.distribution(of: sizes.flatMap(\.self)))
  }

  @Test("The JSON form is read back")
  func json() throws {
    let distribution = Self.distribution(of: [3, 3, 100])
    let bytes = ControlJSON.encode(distribution)
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == #"{"buckets":[[3,2],[57,1]],"count":3,"maximum":100}"#)
    #expect(try ControlJSON.decode(SizeDistribution.self, from: bytes) == distribution)
  }

  @Test(
    "What another engine sends can be strange but not harmful",
    arguments: [
      #"{}"#, #"{"buckets":[[1]]}"#, #"{"buckets":[[-1,5]]}"#, #"{"buckets":[[99999,5]]}"#,
      #"{"buckets":[[1,-5]]}"#, #"{"buckets":["x",[1,2,3]]}"#, #"{"buckets":[[]]}"#,
    ])
  func strange(json: String) throws {
    var distribution = try ControlJSON.decode(SizeDistribution.self, from: json.utf8)
    #expect(distribution.percentile(0.5) == nil)
    distribution.merge(distribution)
    distribution.merge(Self.distribution(of: [1, 2]))
    #expect(distribution.sizes.allSatisfy { $0.count > 0 })
  }
}
