internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine

/// The engine's last hour, minute by minute: message sizes by route, and the peaks of the amounts
/// that limits count.
///
/// Confined to the control reactor, which calls `tick` each second; only once a minute is anything
/// walked through.
struct HourRecord {
  /// The greatest amounts that limits count, in one minute.
  struct Peaks: Equatable {
    /// The end of the minute, in seconds since 1970.
    var at: Double
    /// The end of the minute on the monotonic clock.
    var instant: Instant
    /// Sessions open at once, altogether and from the busiest address.
    var sessions: AdmissionPeaks
    /// The largest backlog of one session, in bytes.
    var backlogByteCount: Int
  }

  /// How many whole minutes are kept.
  static let minuteCount = SizeRecord.minuteCount
  private static let minute = Duration.seconds(60)

  /// The sizes of messages.
  private(set) var sizes: SizeRecord
  private let server: Server
  private var peaks = Ring<Peaks>(capacity: minuteCount)
  private var minuteBegan: Instant
  /// The largest backlog when the running minute began: a backlog that stays raises no maximum.
  private var carriedBacklog = 0

  /// A record that begins now.
  init(_ server: Server, at now: Instant) {
    self.server = server
    minuteBegan = now
    sizes = SizeRecord(startingWith: Self.sizeTotals(of: server))
  }

  /// Ends the minute, if it is over.
  mutating func tick(at moment: Moment) {
    guard minuteBegan.duration(to: moment.instant) >= Self.minute else { return }
    minuteBegan = moment.instant
    sizes.minuteEnds(Self.sizeTotals(of: server))
    let raised = server.reactors.map { $0.counters.takeMaximum(.largestBacklog) }.max() ?? 0
    peaks.append(
      Peaks(
        at: moment.seconds, instant: moment.instant, sessions: server.admission.takePeaks(),
        backlogByteCount: max(raised, carriedBacklog)))
    carriedBacklog = server.reactors.map(\.slab.largestBacklog).max() ?? 0
  }

  /// The peaks of each minute, the running one last.
  func allPeaks(at moment: Moment) -> [Peaks] {
    let raised = server.reactors.map { $0.counters[.largestBacklog] }.max() ?? 0
    return peaks.suffix(Self.minuteCount) + [
      Peaks(
        at: moment.seconds, instant: moment.instant, sessions: server.admission.peaks,
        backlogByteCount: max(raised, carriedBacklog))
    ]
  }

  /// How many seconds a span of sizes really goes back.
  func seconds(in span: SizeRecord.Span, at moment: Moment) -> Double {
    Double(sizes.wholeMinuteCount(in: span)) * 60 + moment.secondsSince(minuteBegan)
  }

  /// How many seconds the peaks go back.
  func peakSeconds(at moment: Moment) -> Double {
    Double(peaks.count) * 60 + moment.secondsSince(minuteBegan)
  }

  /// The messages of some routes in a span that ends now, by `SizeBuckets`' indices.
  ///
  /// - Parameter routes: indices of routes.
  func sizeCounts(
    ofRoutes routes: some Sequence<Int>, _ direction: SizeRecord.Direction, _ span: SizeRecord.Span
  ) -> [Int] {
    sizes.counts(
      of: routes.map { SizeRecord.slot(ofRoute: $0, direction) }, span,
      now: Self.sizeTotals(of: server))
  }

  /// By slot, the counts of all reactors together.
  private static func sizeTotals(of server: Server) -> [[Int]] {
    let routeCount = server.routePatterns.count
    var totals = Array(
      repeating: Array(repeating: 0, count: SizeBuckets.count),
      count: routeCount * SizeRecord.Direction.allCases.count)
    for handle in server.reactors {
      for route in 0..<routeCount {
        handle.sizesIn[route].add(to: &totals[SizeRecord.slot(ofRoute: route, .received)])
        handle.sizesOut[route].add(to: &totals[SizeRecord.slot(ofRoute: route, .sent)])
      }
    }
    return totals
  }
}
