// Message sizes over time, out of differences of the reactors' histograms.
//
// A histogram only counts up. Once a minute the observer takes what was added since, for each route
// and direction, and keeps the buckets that were used: sixteen bytes each, of which a busy route
// uses some dozens. Sixty such minutes and twenty-four such hours are kept. Whole histograms would
// take a route 1.1 MB for the minutes and the hours, used or not.

internal import Vocabulary
internal import WebSocketEngine

/// How large the messages of the last hour and day were, by route and direction.
struct SizeRecord {
  /// The direction of messages.
  enum Direction: Int, CaseIterable {
    case received, sent
  }

  /// The span of time that a question looks back over.
  enum Span {
    /// So many whole minutes, at most 60, and the running one.
    case minutes(Int)
    /// So many whole hours, at most 24, and the running one.
    case hours(Int)
  }

  /// How many whole minutes are kept.
  static let minuteCount = 60
  /// How many whole hours are kept.
  static let hourCount = 24

  /// The counts that histograms had when the running minute began, by slot and bucket.
  private var before: [[Int]]
  private var minutes = SizeRing(capacity: minuteCount)
  private var hours = SizeRing(capacity: hourCount)
  /// The sums of the minutes of the running hour.
  private var runningHour: [Int: Int] = [:]
  private var runningHourMinutes = 0

  /// A record that begins with the counts of now.
  ///
  /// - Parameter totals: by slot, see `slot`, the counts by `SizeBuckets`' indices.
  init(startingWith totals: [[Int]]) {
    before = totals
  }

  /// The place of a route's direction among the totals.
  static func slot(ofRoute index: Int, _ direction: Direction) -> Int {
    index * Direction.allCases.count + direction.rawValue
  }

  /// Ends a minute.
  mutating func minuteEnds(_ totals: [[Int]]) {
    var entries: [SizeRing.Entry] = []
    for (slot, counts) in totals.enumerated() {
      for (bucket, count) in counts.enumerated() {
        let added = count &- before[slot][bucket]
        guard added > 0 else { continue }
        let place = slot * SizeBuckets.count + bucket
        entries.append(SizeRing.Entry(place: place, count: added))
        runningHour[place, default: 0] += added
      }
    }
    minutes.append(entries)
    before = totals
    runningHourMinutes += 1
    guard runningHourMinutes == 60 else { return }
    hours.append(
      runningHour.sorted { $0.key < $1.key }
        .map { SizeRing.Entry(place: $0.key, count: $0.value) })
    runningHour = [:]
    runningHourMinutes = 0
  }

  /// The messages of some slots in a span that ends now, by `SizeBuckets`' indices.
  ///
  /// - Parameter totals: the counts of now, whose difference is the running minute.
  func counts(of slots: some Sequence<Int>, _ span: Span, now totals: [[Int]]) -> [Int] {
    var counts = Array(repeating: 0, count: SizeBuckets.count)
    let slots = Set(slots)
    func add(_ place: Int, _ count: Int) {
      let (slot, bucket) = place.quotientAndRemainder(dividingBy: SizeBuckets.count)
      if slots.contains(slot) { counts[bucket] &+= count }
    }
    for slot in slots {
      for bucket in 0..<SizeBuckets.count {
        counts[bucket] &+= max(0, totals[slot][bucket] &- before[slot][bucket])
      }
    }
    switch span {
    case .minutes(let count): minutes.forEachEntry(ofLast: count) { add($0.place, $0.count) }
    case .hours(let count):
      for (place, count) in runningHour { add(place, count) }
      hours.forEachEntry(ofLast: count) { add($0.place, $0.count) }
    }
    return counts
  }

  /// How many whole minutes a span really holds, the running one apart: fewer where the engine is
  /// younger or memory was too small.
  func wholeMinuteCount(in span: Span) -> Int {
    switch span {
    case .minutes(let count): min(count, minutes.count)
    case .hours(let count): min(count, hours.count) * 60 + runningHourMinutes
    }
  }

  /// How many entries are kept, of which each takes 16 bytes.
  var entryCount: Int { minutes.entryCount + hours.entryCount + runningHour.count }
}

/// The buckets used in the last spans of time, in bounded memory.
struct SizeRing {
  /// How many messages a bucket of a slot got.
  struct Entry: Equatable {
    /// The slot × `SizeBuckets.count` + the bucket.
    var place: Int
    var count: Int
  }

  /// The most entries of one ring, which take 8 MiB.
  ///
  /// Where routes use more, fewer spans are kept.
  static let maximumEntryCount = 1 << 19

  private var spans: [[Entry]] = []
  private let capacity: Int
  private(set) var entryCount = 0

  init(capacity: Int) {
    self.capacity = capacity
  }

  /// How many spans are kept.
  var count: Int { spans.count }

  /// Adds a span; the oldest ones go where there is no room for them.
  mutating func append(_ entries: [Entry]) {
    // A span too large for all the memory leaves a gap, and earlier spans are useless: a sum over a
    // gap would be wrong.
    guard entries.count <= Self.maximumEntryCount else {
      spans = []
      entryCount = 0
      return
    }
    spans.append(entries)
    entryCount += entries.count
    while spans.count > capacity || entryCount > Self.maximumEntryCount {
      entryCount -= spans.removeFirst().count
    }
  }

  /// Calls a body with each entry of the last spans.
  func forEachEntry(ofLast count: Int, _ body: (Entry) -> Void) {
    for entries in spans.suffix(max(count, 0)) { entries.forEach(body) }
  }
}
