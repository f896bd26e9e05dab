package import ControlProtocol

/// Which traffic the Traffic screen shows.
package struct TrafficChoice: Equatable, Sendable {
  /// The span of time.
  package var window = TrafficWindow.fiveMinutes
  /// The route whose sizes and round trips are shown; nil: all.
  package var route: String?

  /// Five minutes of all routes.
  package init() {}

  /// The query for it.
  package var query: TrafficQuery { TrafficQuery(window: window, route: route) }

  /// Goes to a longer or shorter span; the longest and the shortest are ends.
  package mutating func stepWindow(by step: Int) {
    let all = TrafficWindow.allCases
    guard let index = all.firstIndex(of: window), all.indices.contains(index + step) else { return }
    window = all[index + step]
  }

  /// Goes to the next route, or the one before; all of them come after the last.
  package mutating func stepRoute(by step: Int, among routes: [String]) {
    let choices: [String?] = [nil] + routes
    let index = choices.firstIndex(of: route) ?? 0
    route = choices[((index + step) % choices.count + choices.count) % choices.count]
  }
}

extension TrafficReport {
  /// The report with the samples of an earlier one where the engine has sent none because they are
  /// the same.
  func completed(by earlier: TrafficReport?) -> TrafficReport {
    guard samples.isEmpty, let earlier, earlier.window == window, earlier.engine == engine else {
      return self
    }
    var report = self
    report.samples = earlier.samples
    return report
  }
}
