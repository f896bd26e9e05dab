package import ControlProtocol

/// The traffic screen: rates over a window of time, distributions of message sizes, and round
/// trips.
package struct TrafficScreen: ScreenState {
  package static let title = "Traffic"
  package static let digit: Character = "2"

  /// The window of time.
  package var window = TrafficWindow.fiveMinutes
  /// The route whose sizes and round trips are shown; nil: all.
  package var route: String?
  /// The traffic of the window; nil before the engine has sent it.
  package var report: TrafficReport?

  /// Five minutes of all routes.
  package init() {}

  package func wish(in context: ScreenContext, to request: inout WatchRequest) {
    request.traffic = query
  }

  /// The query for the engine.
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
        by: motion == .up ? -1 : 1, among: context.latest.statistics?.engine.routes ?? [])
    default: return .ignored
    }
    return .handled([])
  }

  /// Changes the window of time and the route.
  mutating func choose(_ query: TrafficQuery) {
    // `report` is dropped: the graph of another window would be drawn on the wrong scale.
    if window != query.window { report = nil }
    window = query.window
    route = query.route
  }

  /// Steps to a longer or shorter window, up to the ends.
  private mutating func stepWindow(by step: Int) {
    let all = TrafficWindow.allCases
    guard let index = all.firstIndex(of: window), all.indices.contains(index + step) else { return }
    choose(TrafficQuery(window: all[index + step], route: route))
  }

  /// Steps to the next or previous route; all routes come after the last.
  private mutating func stepRoute(by step: Int, among routes: [String]) {
    let choices: [String?] = [nil] + routes
    let index = choices.firstIndex(of: route) ?? 0
    route = choices[((index + step) % choices.count + choices.count) % choices.count]
  }
}

extension TrafficReport {
  /// The report with an earlier one's samples where the engine has left them out as unchanged.
  func completed(by earlier: TrafficReport?) -> TrafficReport {
    guard samples.isEmpty, let earlier, earlier.window == window, earlier.engine == engine else {
      return self
    }
    var report = self
    report.samples = earlier.samples
    return report
  }
}
