internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine

extension Observer {
  /// The traffic in a span of time; nil if there is no such route.
  ///
  /// - Complexity: O(sessions), for the round trips.
  func traffic(_ query: TrafficQuery) -> TrafficReport? {
    let patterns = routePatterns
    var routes = Array(patterns.indices)
    if let route = query.route {
      guard let index = patterns.firstIndex(where: { UTF8Name($0) == UTF8Name(route) }) else {
        return nil
      }
      routes = [index]
    }
    var report = TrafficReport(engine: engineRun, window: query.window, route: query.route)
    report.samples = rateSamples(query.window)
    let span: SizeRecord.Span =
      switch query.window {
      case .minute: .minutes(1)
      case .fiveMinutes: .minutes(5)
      case .hour: .minutes(60)
      case .day: .hours(24)
      }
    report.sizesSeconds = hour.seconds(in: span, at: moment)
    report.sizesIn = sizes(routes, .received, span)
    report.sizesOut = sizes(routes, .sent, span)
    report.messageBytes = messageBytes(ofRoute: query.route)
    report.roundTrips = roundTrips(ofRoute: query.route)
    return report
  }

  private func sizes(
    _ routes: [Int], _ direction: SizeRecord.Direction, _ span: SizeRecord.Span
  ) -> SizeDistribution {
    let counts = hour.sizeCounts(ofRoutes: routes, direction, span)
    // The exact maximum is known for the whole life of the engine alone.
    let greatest = counts.lastIndex { $0 > 0 }.map { SizeBuckets.range(of: $0).upperBound }
    return SizeDistribution(bucketCounts: counts, maximum: greatest ?? 0)
  }

  /// The smoothed round trips of open sessions, in the buckets of sizes, by microseconds.
  private func roundTrips(ofRoute route: String?) -> SizeDistribution {
    let route = route.map { UTF8Name($0) }
    var counts = Array(repeating: 0, count: SizeBuckets.count)
    var maximum = 0
    forEachSession { profile, sample in
      guard let nanoseconds = sample.roundTripSmoothed,
        route.map({ $0 == UTF8Name(profile.route) }) ?? true
      else { return }
      let microseconds = Int(nanoseconds / 1000)
      counts[SizeBuckets.index(of: microseconds)] += 1
      maximum = max(maximum, microseconds)
    }
    return SizeDistribution(bucketCounts: counts, maximum: maximum)
  }
}
