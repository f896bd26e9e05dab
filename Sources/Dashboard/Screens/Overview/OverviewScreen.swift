package import ControlProtocol
import Vocabulary

/// The overview screen, for a second monitor: the engine as a whole, and the sessions that stand
/// out.
package struct OverviewScreen: ScreenState {
  package static let title = "Overview"
  package static let digit: Character = "0"

  /// The length of the interval of closes, in seconds; nil: since the engine started.
  package private(set) var seconds: Int? = CloseInterval.lengths.first
  /// The closes of the last minute, ten minutes and hour.
  private(set) var intervals: [CloseInterval] = []
  /// The rooms with the most members.
  private(set) var rooms: GroupList?
  /// The sessions that stand out, by criterion, greatest first.
  private(set) var tops: [Top: [SessionRow]] = [:]
  /// The alarms of `console.conf`.
  private(set) var alarms = AlarmBoard()
  /// The requests whose replies are yet to come, by their tags.
  private var awaited: [Int: Question] = [:]
  /// The engine's uptime at the last question for sessions, in seconds.
  private var askedAt: Double?

  /// The criteria by which sessions stand out.
  package enum Top: CaseIterable, Sendable {
    case traffic, backlog, roundTrip

    /// The column of the criterion.
    var sort: SessionField {
      switch self {
      case .traffic: .byteRateOut
      case .backlog: .backlog
      case .roundTrip: .roundTrip
      }
    }
  }

  /// A question for sessions.
  private enum Question: Equatable, Sendable {
    case top(Top)
    /// The sessions of an alarm, by its place.
    case alarm(Int)
  }

  /// The number of sessions of each criterion, and of rooms.
  package static let topCount = 5

  /// The least pause between two questions for sessions, in seconds.
  package static let pause = 1.0

  /// Nothing is known yet.
  package init() {}

  package func wish(in context: ScreenContext, to request: inout WatchRequest) {
    request.wantsCloses = true
    if context.pages.isEmpty { request.groups = GroupQuery(.rooms, limit: Self.topCount) }
  }

  package func isAnswered(by snapshot: Snapshot, to wish: WatchRequest) -> Bool {
    wish.groups == nil || snapshot.groups?.kind == wish.groups?.kind
  }

  package mutating func take(_ snapshot: Snapshot, in context: inout ScreenContext) {
    if let new = snapshot.closeIntervals { intervals = new }
    if context.screen == .overview, let new = snapshot.groups, new.kind == .rooms { rooms = new }
  }

  package mutating func forgetRun() {
    let seconds = seconds
    self = OverviewScreen()
    self.seconds = seconds
  }

  package mutating func disconnect() {
    awaited = [:]
    askedAt = nil
    alarms = AlarmBoard()
  }

  package mutating func settle(in context: ScreenContext) { alarms.settle(in: context) }

  package mutating func settleHidden(in context: ScreenContext) { alarms = AlarmBoard() }

  /// Asks for the sessions that stand out, and for those of alarms: a question for each, once all of
  /// the last are answered.
  package mutating func ask(in context: inout ScreenContext) -> [Effect] {
    guard context.connection.isConnected, context.pages.isEmpty, !context.pacing.isPaused,
      awaited.isEmpty, let uptime = context.latest.statistics?.uptimeSeconds, isTime(at: uptime)
    else { return [] }
    askedAt = uptime
    let tops = Top.allCases.map { top in
      var query = SessionQuery(sort: top.sort, isDescending: true, limit: Self.topCount)
      query.wantsRates = top.sort.isRate
      return (question: Question.top(top), query: query)
    }
    let alarms = AlarmBoard.queries(context.setup.alarms).map { place, query in
      (question: Question.alarm(place), query: query)
    }
    return (tops + alarms).map { question, query in
      let tag = context.pending.takeTag()
      awaited[tag] = question
      return .request(tag: tag, .sessions(query))
    }
  }

  private func isTime(at uptime: Double) -> Bool {
    guard let askedAt else { return true }
    return uptime - askedAt >= Self.pause
  }

  package mutating func take(_ reply: ControlReply, tag: Int) -> Bool {
    guard let question = awaited.removeValue(forKey: tag) else { return false }
    // Rows stay on a refusal, and are asked for again.
    guard case .sessions(let list) = reply else { return true }
    switch question {
    case .top(let top): tops[top] = Array(list.sessions.prefix(Self.topCount))
    case .alarm(let place): alarms.take(list, of: place)
    }
    return true
  }

  package mutating func perform(_ action: Action, in context: inout ScreenContext) -> Reaction {
    guard action == .cycleInterval else { return .ignored }
    let all: [Int?] = [nil] + CloseInterval.lengths.map { $0 }
    let index = all.firstIndex(of: seconds) ?? 0
    seconds = all[(index + 1) % all.count]
    return .handled([])
  }

  // MARK: Content

  /// The counts of closes by code, the greatest first; nil: the engine has not sent them.
  func closes(in context: ScreenContext) -> [(code: CloseCode, count: Int)]? {
    let counts: [CloseCount]?
    if let seconds {
      counts = intervals.first { $0.seconds == seconds }?.closes
    } else {
      counts = context.latest.statistics?.closes
    }
    guard let counts else { return nil }
    var sums: [CloseCode: Int] = [:]
    for close in counts { sums[close.code, default: 0] &+= close.count }
    let sorted = sums.sorted { left, right in
      left.value == right.value ? left.key < right.key : left.value > right.value
    }
    return sorted.map { (code: $0.key, count: $0.value) }
  }
}
