internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine
internal import WebSocketProtocol

/// The watch of one console: its request, and what it was shown.
///
/// Confined to the control reactor.
final class Watch {
  /// The most rows of a snapshot: more than any terminal has.
  static let maximumRowCount = 500
  /// How long a snapshot waits for details that are asked for the first time.
  private static let detailsPatience = Duration.milliseconds(250)
  /// The most events of a snapshot; the others follow in the next ones, at once.
  static let maximumEventCount = 250
  /// The most acts of a snapshot.
  static let maximumActCount = 8

  /// The request; nil before the first.
  private(set) var request: WatchRequest?
  /// The filter, or its fault.
  private(set) var filter: Result<SessionFilter, FilterError> = .success(SessionFilter())
  /// The time of the next snapshot; the end of time before the first request.
  private(set) var dueAt = Instant(nanoseconds: .max)
  /// The details that the session's reactor gave last.
  private(set) var particulars: (id: SessionID, value: SessionParticulars?)?
  /// The session whose reactor is being asked.
  private(set) var asked: SessionID?

  private var sequence = 0
  private var lastEvent = 0
  private var shownSecond = -1.0
  /// The traffic that was pushed last: its second, and the end of its last sample.
  private var shownTraffic: (second: Double, sample: Double)?
  private var shownLimits: [LimitRow] = []
  private var shownActs: [ActStatus] = []
  private var waitsUntil: Instant?
  private var hasMoreEvents = false
  /// The question for the rows that the next snapshot shows, and its answer once that is known.
  private(set) var question: WindowQuestion?
  private var window: SessionWindow?

  /// The role of a client from elsewhere; nil for one of this machine.
  private let role: ControlRole?
  /// The name of its token.
  private let holder: String?

  /// A watch of nothing.
  init(role: ControlRole? = nil, holder: String? = nil) {
    self.role = role
    self.holder = holder
  }

  /// Replaces the request; the next snapshot is due at once.
  func look(at request: WatchRequest, now: Instant) {
    var request = request
    let wanted = request.sessions?.limit ?? Self.maximumRowCount
    request.sessions?.limit = min(wanted, Self.maximumRowCount)
    if let wanted = request.groups {
      request.groups?.limit = min(wanted.limit ?? Self.maximumRowCount, Self.maximumRowCount)
    }
    self.request = request
    question = nil
    window = nil
    do throws(FilterError) {
      let text = request.sessions?.filter ?? ""
      filter = .success(try SessionFilter(text, for: role ?? .operate))
    } catch {
      filter = .failure(error)
    }
    if particulars?.id != request.details {
      particulars = nil
      waitsUntil = request.details == nil ? nil : now.advanced(by: Self.detailsPatience)
    }
    lastEvent = request.eventsAfter ?? 0
    shownSecond = -1
    shownTraffic = nil
    shownLimits = []
    shownActs = []
    dueAt = now
  }

  /// Takes a request in JSON.
  ///
  /// - Throws: `ChannelFault` if it cannot be served.
  func take(_ json: [UInt8], now: Instant) throws(ChannelFault) {
    let request: WatchRequest
    do throws(ControlError) {
      request = try ControlJSON.decode(WatchRequest.self, from: json)
    } catch {
      throw ChannelFault(.invalidFramePayloadData, error.error.message)
    }
    if let fault = request.fault { throw ChannelFault(.policyViolation, fault) }
    look(at: request, now: now)
  }

  /// Makes a snapshot due as soon as there is room for it.
  func becomeDue(at now: Instant) {
    guard request != nil else { return }
    dueAt = min(dueAt, now)
  }

  /// Whether rates of sessions are shown, or used by the order or the filter.
  var wantsRates: Bool {
    guard let query = request?.sessions else { return false }
    if case .success(let filter) = filter, filter.usesRates { return true }
    return query.wantsRates || query.sort.isRate
  }

  /// Whether a snapshot is to be made now.
  func isDue(_ now: Instant) -> Bool {
    guard request != nil, now >= dueAt else { return false }
    guard let waitsUntil, particulars == nil else { return true }
    return now >= waitsUntil
  }

  /// The time of the next look.
  var wakeUp: Instant? {
    guard request != nil else { return nil }
    guard let waitsUntil, particulars == nil else { return dueAt }
    return max(dueAt, waitsUntil)
  }

  // MARK: Rows

  /// The rows that the next snapshot shows and that are not known yet; nil if there are none.
  var wantedRows: (query: SessionQuery, filter: SessionFilter)? {
    guard window == nil, let query = request?.sessions, case .success(let filter) = filter else {
      return nil
    }
    return (query, filter)
  }

  /// Notes that the rows are being searched.
  func begin(_ question: WindowQuestion) { self.question = question }

  /// Takes the rows.
  func take(_ window: SessionWindow) { self.window = window }

  // MARK: Details

  /// The session whose reactor is to be asked now, if any.
  func beginAsking() -> SessionID? {
    guard asked == nil, let id = request?.details else { return nil }
    asked = id
    return id
  }

  /// Takes the answer of the session's reactor.
  func take(_ value: SessionParticulars?, of id: SessionID) {
    asked = nil
    guard request?.details == id else { return }
    particulars = (id, value)
    waitsUntil = nil
  }

  // MARK: Snapshots

  /// The next snapshot in JSON, and the cost of finding its rows.
  ///
  /// Parts that change seldom, such as limits and seconds of history, are in it only if they are
  /// news.
  func snapshot(from source: some SnapshotSource) -> (json: [UInt8], cost: Duration) {
    guard let request else { return ([], .zero) }
    let cost = question?.cost ?? .zero
    sequence += 1
    var snapshot = Snapshot(sequence: sequence, statistics: source.statistics())
    snapshot.role = role
    snapshot.holder = holder
    if request.sessions != nil {
      switch filter {
      case .success: snapshot.sessions = window.map(source.list)
      case .failure(let error): snapshot.filterError = ControlError(error).error
      }
    }
    window = nil
    question = nil
    if let id = request.details {
      snapshot.details = source.details(of: id, particulars?.value)
    }
    if let query = request.groups {
      do throws(FilterError) {
        _ = try SessionFilter(query.filter ?? "")
        snapshot.groups = source.knownGroups(query, for: role ?? .operate)
      } catch {
        snapshot.filterError = ControlError(error).error
      }
    }
    if request.wantsLimits {
      let limits = source.limits()
      if limits != shownLimits {
        snapshot.limits = limits
        shownLimits = limits
      }
    }
    if request.wantsActs {
      let acts = source.shownActs()
      if acts != shownActs {
        snapshot.acts = acts
        shownActs = acts
      }
    }
    if request.eventsAfter != nil {
      let news = source.events(after: lastEvent, for: role ?? .operate)
      let events = Array(news.prefix(Self.maximumEventCount))
      hasMoreEvents = events.count < news.count
      snapshot.events = events
      lastEvent = events.last?.sequence ?? lastEvent
    }
    if request.wantsCloses { snapshot.closeIntervals = source.closeIntervals() }
    if let query = request.traffic { snapshot.traffic = trafficNews(query, from: source) }
    if request.historySeconds > 0 {
      let history = source.history(seconds: request.historySeconds)
      let second = history.last?.at ?? 0
      if second != shownSecond {
        snapshot.history = history
        shownSecond = second
      }
    }
    return (ControlJSON.encode(snapshot), cost)
  }

  /// The traffic, once a second; samples that were pushed before are left out.
  private func trafficNews(
    _ query: TrafficQuery, from source: some SnapshotSource
  ) -> TrafficReport? {
    let second = source.history(seconds: 1).last?.at ?? 0
    guard second != shownTraffic?.second else { return nil }
    // A route that is gone is one of another run of the engine, of which there is nothing to tell.
    guard var report = source.trafficReport(query) else { return nil }
    let sample = report.samples.last?.at ?? 0
    if sample != 0, sample == shownTraffic?.sample { report.samples = [] }
    shownTraffic = (second, sample)
    return report
  }

  /// Schedules the next snapshot after the interval, or later if snapshots cost much.
  ///
  /// - Parameter pause: the least time between two snapshots that the thread can afford.
  func snapshotSent(now: Instant, pause: Duration) {
    let interval = Duration.milliseconds(request?.intervalMilliseconds ?? 1000)
    let next = hasMoreEvents ? now : dueAt.next(every: interval, after: now)
    hasMoreEvents = false
    dueAt = max(next, now.advanced(by: pause))
  }
}

/// The source of a snapshot's parts.
protocol SnapshotSource {
  /// The totals.
  func statistics() -> EngineStatistics
  /// A window of sessions as the API sends it.
  func list(_ window: SessionWindow) -> SessionList
  /// The details of one session; nil if there is no such session.
  func details(of id: SessionID, _ particulars: SessionParticulars?) -> SessionDetails?
  /// The traffic in a span of time; nil if there is no such route.
  func trafficReport(_ query: TrafficQuery) -> TrafficReport?
  /// A window of rooms, routes or groups of sessions, as a role sees them; nil until they are known.
  func knownGroups(_ query: GroupQuery, for role: ControlRole) -> GroupList?
  /// All limits.
  func limits() -> [LimitRow]
  /// The events with greater numbers, as a role sees them.
  func events(after sequence: Int, for role: ControlRole) -> [EngineEvent]
  /// The closes of the last minute, ten minutes and hour.
  func closeIntervals() -> [CloseInterval]
  /// The last seconds, the oldest first.
  func history(seconds: Int) -> [RateSample]
  /// The running acts and the last finished ones.
  func shownActs() -> [ActStatus]
}

@available(*, unavailable)
extension Watch: Sendable {}
