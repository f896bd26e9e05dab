import Testing

@testable import LoadGenerator

@Suite("wstop load: times")
struct TimeRecordTests {
  @Test(
    "Shortest, longest and mean are those of the times, not of the histogram's buckets",
    arguments: [
      [1], [999_999_937], [2_097_153], [2_097_153, 2_097_153, 2_097_155], [1, 3_599_999_999_999],
      [123_456_789, 123_456_790, 123_456_791],
    ])
  func exact(nanoseconds: [Int64]) throws {
    var record = TimeRecord()
    for time in nanoseconds { record.record(.nanoseconds(time)) }
    let sum = nanoseconds.reduce(0, +)
    #expect(record.count == UInt64(nanoseconds.count))
    #expect(record.mean == Double(sum) / Double(nanoseconds.count))
    #expect(record.minimum == UInt64(try #require(nanoseconds.min())))
    #expect(record.maximum == UInt64(try #require(nanoseconds.max())))
    let times = try #require(LoadReport.Times(record))
    for time in [times.mean, times.p50, times.p90, times.p99, times.p999] {
      #expect(times.minimum <= time && time <= times.maximum, "\(times)")
    }
  }

  @Test("Hours of many messages do not overflow, and what took longer took an hour")
  func long() throws {
    var record = TimeRecord()
    record.record(.seconds(7200), count: 100_000_000)
    #expect(record.mean == 3_600_000_000_000)
    var sum = TimeRecord()
    sum.add(record)
    sum.record(.seconds(-1))
    #expect(sum.count == 100_000_001 && sum.minimum == 0)
    #expect(sum.mean < 3_600_000_000_000)
  }

  @Test("Without times there is no line of them")
  func none() {
    #expect(LoadReport.Times(TimeRecord()) == nil)
    #expect(TimeRecord().mean == 0)
  }
}
