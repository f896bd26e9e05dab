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
  /// The requests whose replies are yet to come, by their tags.
  private var awaited: [Int: Top] = [:]
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
  }

  /// Asks for the sessions that stand out: a question for each criterion, once all of the last are
  /// answered.
  package mutating func ask(in context: inout ScreenContext) -> [Effect] {
    guard context.connection.isConnected, context.pages.isEmpty, !context.pacing.isPaused,
      awaited.isEmpty, let uptime = context.picture.statistics?.uptimeSeconds, isTime(at: uptime)
    else { return [] }
    askedAt = uptime
    return Top.allCases.map { top in
      let tag = context.pending.takeTag()
      awaited[tag] = top
      var query = SessionQuery(sort: top.sort, isDescending: true, limit: Self.topCount)
      query.wantsRates = top.sort.isRate
      return .request(tag: tag, .sessions(query))
    }
  }

  private func isTime(at uptime: Double) -> Bool {
    guard let askedAt else { return true }
    return uptime - askedAt >= Self.pause
  }

  package mutating func take(_ reply: ControlReply, tag: Int) -> Bool {
    guard let top = awaited.removeValue(forKey: tag) else { return false }
    // `tops` keeps its rows on a refusal, and is asked for again.
    if case .sessions(let list) = reply { tops[top] = Array(list.sessions.prefix(Self.topCount)) }
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
      counts = context.picture.statistics?.closes
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
