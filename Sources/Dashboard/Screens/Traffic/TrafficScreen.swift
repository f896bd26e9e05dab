package import ControlProtocol

/// The screen of traffic: rates over a span of time, how message sizes are spread, and round trips.
package struct TrafficScreen: ScreenState {
  package static let title = "Traffic"
  package static let digit: Character = "2"

  /// The span of time.
  package var window = TrafficWindow.fiveMinutes
  /// The route whose sizes and round trips are shown; nil: all.
  package var route: String?
  /// What passed in that span; nil before the engine has told it.
  package var report: TrafficReport?

  /// Five minutes of all routes.
  package init() {}

  package func wish(in context: ScreenContext, to request: inout WatchRequest) {
    request.traffic = query
  }

  /// What the engine is asked for.
  package var query: TrafficQuery { TrafficQuery(window: window, route: route) }

  package mutating func take(_ snapshot: Snapshot, in context: inout ScreenContext) {
    guard let new = snapshot.traffic, new.window == window, new.route == route else { return }
    report = new.completed(by: report)
  }

  package mutating func forgetRun() {
    report = nil
    route = nil
  }

  package mutating func perform(_ action: Action, in context: inout ScreenContext) -> Reaction {
    switch action {
    case .longerSpan: stepWindow(by: 1)
    case .shorterSpan: stepWindow(by: -1)
    case .move(let motion):
      stepRoute(
        by: motion == .up ? -1 : 1, among: context.picture.statistics?.engine.routes ?? [])
    default: return .ignored
    }
    return .handled([])
  }

  /// Shows a span of time, and the sizes of a route.
  mutating func choose(_ query: TrafficQuery) {
    // A graph of another span would be drawn on the wrong scale until the next one comes.
    if window != query.window { report = nil }
    window = query.window
    route = query.route
  }

  /// Goes to a longer or shorter span; the longest and the shortest are ends.
  private mutating func stepWindow(by step: Int) {
    let all = TrafficWindow.allCases
    guard let index = all.firstIndex(of: window), all.indices.contains(index + step) else { return }
    choose(TrafficQuery(window: all[index + step], route: route))
  }

  /// Goes to the next route, or the one before; all of them come after the last.
  private mutating func stepRoute(by step: Int, among routes: [String]) {
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
