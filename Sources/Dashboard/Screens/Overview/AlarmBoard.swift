import ControlProtocol
import Vocabulary

/// The state of the alarms while the overview is shown.
package struct AlarmBoard: Equatable, Sendable {
  /// An alarm that is on.
  struct Raised: Equatable {
    var alarm: Alarm
    /// The text behind the condition: the number, or the sessions that match.
    var amount: String
    /// For how long it has been on, in seconds.
    var seconds: Double
  }

  /// The live sessions that match an alarm's filter, by the alarm's place.
  private var matches: [Int: SessionList] = [:]
  /// The time since which an alarm is on, by its place.
  private var since: [Int: Double] = [:]

  /// The queries of the alarms that look at sessions, by their places.
  static func queries(_ alarms: [Alarm]) -> [(place: Int, query: SessionQuery)] {
    alarms.enumerated().compactMap { place, alarm in
      guard case .sessions(let filter) = alarm.condition else { return nil }
      return (place, SessionQuery(filter: filter.description, limit: 1))
    }
  }

  /// Takes the sessions that match an alarm.
  mutating func take(_ list: SessionList, of place: Int) { matches[place] = list }

  /// Notes since when alarms are on; after every event while the overview is shown.
  mutating func settle(in context: ScreenContext) {
    for (place, alarm) in context.setup.alarms.enumerated() {
      if amount(of: alarm, at: place, in: context) == nil {
        since[place] = nil
      } else if since[place] == nil {
        since[place] = context.now
      }
    }
  }

  /// The alarms that are on, in their order.
  func raised(in context: ScreenContext) -> [Raised] {
    context.setup.alarms.enumerated().compactMap { place, alarm in
      guard let amount = amount(of: alarm, at: place, in: context) else { return nil }
      return Raised(
        alarm: alarm, amount: amount, seconds: context.now - (since[place] ?? context.now))
    }
  }

  /// The text behind an alarm's condition; nil while it is off, or nothing is known.
  private func amount(of alarm: Alarm, at place: Int, in context: ScreenContext) -> String? {
    switch alarm.condition {
    case .engine(let number, let isOver, let threshold):
      guard let value = number.value(in: context.latest),
        isOver ? value > threshold : value < threshold
      else { return nil }
      return number.shown(value)
    case .sessions:
      guard let list = matches[place], list.total > 0, let first = list.sessions.first else {
        return nil
      }
      let one = "\(first.id) \(context.shown(first.decodedPath))"
      return list.total == 1
        ? one : "\(QuantityText.readableCount(list.total)) sessions, such as \(one)"
    }
  }
}
