import Testing
import Vocabulary

@testable import WebSocketEngine

@Suite("Histogram of message sizes")
struct SizeHistogramTests {
  @Test("A new histogram is empty")
  func empty() {
    let histogram = SizeHistogram()
    #expect(histogram.snapshot() == Array(repeating: 0, count: SizeBuckets.count))
    #expect(histogram.maximum == 0)
  }

  @Test(
    "Both ends of a bucket fall into it, their neighbours do not",
    arguments: [0, 1, 15, 16, 17, 31, 32, 33, 100, 300, 400, 500, 590, 591])
  func bucketEnds(index: Int) {
    let range = SizeBuckets.range(of: index)
    let histogram = SizeHistogram()
    histogram.record(range.lowerBound)
    histogram.record(range.upperBound)
    if range.lowerBound > 0 { histogram.record(range.lowerBound - 1) }
    if index + 1 < SizeBuckets.count { histogram.record(range.upperBound + 1) }
    let counts = histogram.snapshot()
    #expect(counts[index] == 2)
    if index > 0 { #expect(counts[index - 1] == 1) }
    if index + 1 < SizeBuckets.count { #expect(counts[index + 1] == 1) }
  }

  @Test("Sizes beyond the last bucket are counted in it, and the maximum stays exact")
  func beyondTheLast() {
    let histogram = SizeHistogram()
    histogram.record(Int.max)
    histogram.record(1 << 40)
    #expect(histogram.snapshot()[SizeBuckets.count - 1] == 2)
    #expect(histogram.maximum == Int.max)
  }

  @Test("The maximum is the largest size, whatever the order")
  func maximum() {
    let histogram = SizeHistogram()
    for size in [3, 1_048_577, 0, 1_048_576] { histogram.record(size) }
    #expect(histogram.maximum == 1_048_577)
  }

  @Test("Histograms add up")
  func adding() {
    let (first, second) = (SizeHistogram(), SizeHistogram())
    first.record(20)
    second.record(20)
    second.record(5)
    var counts = first.snapshot()
    second.add(to: &counts)
    #expect(counts[SizeBuckets.index(of: 20)] == 2)
    #expect(counts[5] == 1)
    #expect(counts.reduce(0, +) == 3)
  }

  @Test("A reader on another thread sees counts that only grow, and in the end all")
  func concurrentReader() async {
    let histogram = SizeHistogram()
    let total = 200_000
    async let written: Void = Task.detached(priority: .high) {
      for index in 0..<total { histogram.record(index & 1023) }
    }.value
    var last = 0
    while last < total {
      let now = histogram.snapshot().reduce(0, +)
      #expect(now >= last)
      last = now
      await Task.yield()
    }
    await written
    #expect(last == total)
    #expect(histogram.maximum == 1023)
  }
}
