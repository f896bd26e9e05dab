/// The screens between which tabs switch, in their order.
package enum Screen: Int, Hashable, CaseIterable, Sendable {
  case sessions, traffic, closes, limits, rooms, log, history

  /// The title on the tab.
  package var title: String {
    place.title
  }

  /// The digit that shows the screen.
  package var digit: Character {
    switch self {
    case .sessions: "1"
    case .traffic: "2"
    case .closes: "3"
    case .limits: "4"
    case .rooms: "5"
    case .log: "6"
    case .history: "7"
    }
  }

  /// Where keys go while the screen is the topmost thing.
  package var place: Place {
    switch self {
    case .sessions: .sessions
    case .traffic: .traffic
    case .closes: .closes
    case .limits: .limits
    case .rooms: .rooms
    case .log: .log
    case .history: .history
    }
  }

  /// The state of the screen at the start.
  var initialState: any ScreenState {
    switch self {
    case .sessions: SessionsScreen()
    case .traffic: TrafficScreen()
    case .closes: ClosesScreen()
    case .limits: LimitsScreen()
    case .rooms: RoomsScreen()
    case .log: LogScreen()
    case .history: HistoryScreen()
    }
  }
}
