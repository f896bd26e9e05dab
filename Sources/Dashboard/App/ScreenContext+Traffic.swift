import ControlProtocol

extension ScreenContext {
  /// Shows a longer or a shorter span of time.
  mutating func stepSpan(longer: Bool) {
    var choice = traffic
    choice.stepWindow(by: longer ? 1 : -1)
    choose(choice.query)
  }

  /// Shows a span of time, and the sizes of a route.
  mutating func choose(_ query: TrafficQuery) {
    // A graph of another span would be drawn on the wrong scale until the next one comes.
    if traffic.window != query.window { picture.traffic = nil }
    traffic.window = query.window
    traffic.route = query.route
  }

  /// Shows the sizes of the next route, or of the one before.
  mutating func stepRoute(by step: Int) {
    traffic.stepRoute(by: step, among: picture.statistics?.engine.routes ?? [])
  }
}
