package import ControlProtocol

/// The log screen: the engine's events, such as acts with their actor and command, limits, and
/// problems.
package struct LogScreen: ScreenState {
  package static let title = "Log"
  package static let digit: Character = "6"

  /// The events, oldest first.
  package private(set) var events: [EngineEvent] = []
  /// The visible part.
  package var position = ListPosition()

  /// The most events that are kept.
  package static let maximumEventCount = 1000

  /// No events.
  package init() {}

  package func wish(in context: ScreenContext, to request: inout WatchRequest) {
    request.eventsAfter = events.last?.sequence ?? 0
  }

  /// Takes new events; the visible part follows if it was at the end.
  package mutating func takeNews(of snapshot: Snapshot, in context: ScreenContext) {
    guard let new = snapshot.events, !new.isEmpty else { return }
    let isAtEnd = position.top >= lineCount - Layout(context).bodyRows
    add(new)
    if isAtEnd { position.top = lineCount }
  }

  package mutating func forgetRun() { events = [] }

  package mutating func perform(_ action: Action, in context: inout ScreenContext) -> Reaction {
    guard case .move(let motion) = action else { return .ignored }
    position.scroll(motion, count: lineCount, visible: Layout(context).bodyRows)
    return .handled([])
  }

  package mutating func settle(in context: ScreenContext) {
    position.settleText(count: lineCount, visible: Layout(context).bodyRows)
  }

  package func text(in context: ScreenContext) -> (lines: [StyledText], top: Int)? {
    (lines(in: context), position.top)
  }

  package mutating func scroll(to line: Int) { position.top = line }

  /// Adds events in the order of their numbers, each once.
  private mutating func add(_ new: [EngineEvent]) {
    let last = events.last?.sequence ?? 0
    events += new.filter { $0.sequence > last }.sorted { $0.sequence < $1.sequence }
    if events.count > Self.maximumEventCount {
      events.removeFirst(events.count - Self.maximumEventCount)
    }
  }
}
