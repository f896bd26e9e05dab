import ControlProtocol
import Testing
import Vocabulary

@testable import ControlServer

@Suite("The record of message sizes")
struct SizeRecordTests {
  /// Totals of two routes in which nothing was counted.
  private static let empty = Array(
    repeating: Array(repeating: 0, count: SizeBuckets.count), count: 4)

  private func slot(_ route: Int, _ direction: SizeRecord.Direction) -> Int {
    SizeRecord.slot(ofRoute: route, direction)
  }

  private func total(_ record: SizeRecord, _ slots: [Int], _ span: SizeRecord.Span, _ now: [[Int]])
    -> Int
  {
    record.counts(of: slots, span, now: now).reduce(0, +)
  }

  @Test("A minute holds what was added in it, by route, direction and bucket")
  func minutes() {
    var totals = Self.empty
    totals[slot(1, .sent)][40] = 7
    var record = SizeRecord(startingWith: totals)
    totals[slot(1, .sent)][40] = 9
    totals[slot(1, .received)][41] = 5
    record.minuteEnds(totals)
    totals[slot(1, .sent)][40] = 12
    record.minuteEnds(totals)
    totals[slot(1, .sent)][42] = 100
    // What came before the record is not in it; the running minute is.
    let sent = record.counts(of: [slot(1, .sent)], .minutes(60), now: totals)
    #expect(sent[40] == 5 && sent[42] == 100 && sent.reduce(0, +) == 105)
    #expect(total(record, [slot(1, .sent)], .minutes(1), totals) == 103)
    #expect(total(record, [slot(1, .sent)], .minutes(0), totals) == 100)
    #expect(total(record, [slot(1, .received)], .minutes(60), totals) == 5)
    #expect(total(record, [slot(0, .sent), slot(0, .received)], .minutes(60), totals) == 0)
    #expect(total(record, Array(0..<4), .minutes(60), totals) == 110)
    #expect(record.wholeMinuteCount(in: .minutes(60)) == 2)
  }

  @Test("Sixty minutes and twenty-four hours are kept, and what is older is gone")
  func ages() {
    var totals = Self.empty
    var record = SizeRecord(startingWith: totals)
    for _ in 0..<(26 * 60) {
      totals[0][20] += 1
      record.minuteEnds(totals)
    }
    #expect(total(record, [0], .minutes(60), totals) == 60)
    #expect(total(record, [0], .minutes(5), totals) == 5)
    #expect(total(record, [0], .hours(24), totals) == 24 * 60)
    #expect(total(record, [0], .hours(1000), totals) == 24 * 60)
    for _ in 0..<7 {
      totals[0][20] += 1
      record.minuteEnds(totals)
    }
    #expect(total(record, [0], .hours(24), totals) == 24 * 60 + 7)
    #expect(record.wholeMinuteCount(in: .hours(24)) == 24 * 60 + 7)
    #expect(record.entryCount == 60 + 24 + 1)
  }

  @Test("Memory is bounded: with too many buckets in use fewer minutes are kept, and said so")
  func bounds() {
    var ring = SizeRing(capacity: 60)
    let quarter = (0..<(SizeRing.maximumEntryCount / 4)).map {
      SizeRing.Entry(place: $0, count: 1)
    }
    for _ in 0..<10 { ring.append(quarter) }
    #expect(ring.count == 4)
    #expect(ring.entryCount == SizeRing.maximumEntryCount)
    ring.append([SizeRing.Entry(place: 1, count: 1)])
    #expect(ring.count == 4)
    #expect(ring.entryCount == SizeRing.maximumEntryCount * 3 / 4 + 1)
    // A span that does not fit at all leaves a gap, so that nothing older is counted either.
    ring.append(quarter + quarter + quarter + quarter + [SizeRing.Entry(place: 1, count: 1)])
    #expect(ring.count == 0 && ring.entryCount == 0)
    #expect(MemoryLayout<SizeRing.Entry>.stride == 16)
  }

  @Test(
    "How many messages a value rejects is exact to a bucket",
    arguments: [1, 14, 15, 16, 17, 31, 32, 33, 63, 64, 1000, 1023, 1024, 1055, 1056, 5000, 1 << 30])
  func forecast(limit: Int) throws {
    let sizes = [
      0, 1, 15, 16, 17, 31, 32, 33, 64, 65, 999, 1000, 1001, 1024, 1055, 1056, 4999, 5001,
    ]
    var counts = Array(repeating: 0, count: SizeBuckets.count)
    for size in sizes { counts[SizeBuckets.index(of: size)] += 1 }
    let forecast = MessageForecast(counts, over: limit)
    let truth = sizes.count { $0 > limit }
    let atMost = forecast.atMost ?? .max
    #expect(forecast.atLeast <= truth && truth <= atMost)
    #expect(forecast.total == sizes.count)
    guard let bucket = forecast.bucket else {
      #expect(forecast.atLeast == atMost)
      return
    }
    try #require(bucket.count == 2 && bucket[0] < bucket[1])
    #expect((bucket[0]..<bucket[1]).contains(limit))
    #expect(
      atMost - forecast.atLeast == sizes.count { (bucket[0]...bucket[1]).contains($0) })
  }
}
