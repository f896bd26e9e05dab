/// The screens between which tabs switch, in their order.
package enum Screen: Int, Hashable, CaseIterable, Sendable {
  case sessions, traffic, closes, limits, rooms, log, history, overview

  /// The type of the screen's state.
  var type: any ScreenState.Type {
    switch self {
    case .sessions: SessionsScreen.self
    case .traffic: TrafficScreen.self
    case .closes: ClosesScreen.self
    case .limits: LimitsScreen.self
    case .rooms: RoomsScreen.self
    case .log: LogScreen.self
    case .history: HistoryScreen.self
    case .overview: OverviewScreen.self
    }
  }

  /// The title on the tab.
  package var title: String { type.title }

  /// The digit that shows the screen.
  package var digit: Character { type.digit }
}
