internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine

/// Knows every session, reads their numbers when it is asked, and samples the engine each second.
///
/// Confined to the control reactor. Reactors never wait for it: identities come from journals,
/// numbers from slabs.
final class Observer {
  private let context: ControlContext
  let mirrors: [SessionMirror]
  private var rates: RateHistory
  /// The record of the last hour.
  private(set) var hour: HourRecord
  private var closes: CloseHistory
  private var memory = MemoryRelease()
  /// The closed sessions.
  private(set) var closed = ClosedSessions()
  /// The rooms of sessions, as far as filters asked for them.
  let rooms = RoomDirectory()
  /// The rates of sessions in the last second.
  let meter = RateMeter()
  /// The traffic of closed sessions, by their routes.
  private var closedByRoute: [UTF8Name: GroupRow] = [:]
  /// Memory for the sessions that a filter matches, kept between questions.
  private var candidates: [SessionCandidate] = []
  private let clock: () -> ClockReading
  private var timeline = Timeline()

  /// The most sessions for which memory is kept between questions.
  private static let maximumKeptCandidateCount = 50_000

  /// An observer of the context's server.
  ///
  /// - Parameter clock: reads the clocks; sessions are noted on the system's monotonic one.
  init(_ context: ControlContext, clock: @escaping () -> ClockReading = SystemClock.reading) {
    self.context = context
    self.clock = clock
    let redaction = context.server.configuration.redaction
    mirrors = context.server.reactors.map { SessionMirror($0, redaction: redaction) }
    let now = SystemClock.monotonic()
    rates = RateHistory(startingAt: now, RateHistory.Totals(of: context.server))
    closes = CloseHistory(startingAt: now, context.server.ledger.snapshot().closes)
    hour = HourRecord(context.server, at: now)
    if context.server.openSessionCount > 0 {
      // The gap is of sessions that were opened before the observer began.
      for index in mirrors.indices { closeGap(index) }
    }
  }

  /// Now, on all clocks.
  var moment: Moment {
    let reading = clock()
    timeline.see(reading)
    return Moment(
      instant: reading.monotonic, seconds: Double(reading.wall) * 1e-9, timeline: timeline)
  }

  /// The engine's uptime at an instant, in seconds; a future instant is as far away as the
  /// monotonic clock says.
  func uptime(at instant: Instant, _ moment: Moment) -> Double {
    let timeline = moment.timeline
    let began = timeline.lasting(at: context.server.startedInstant)
    return max(0, Double(timeline.lasting(at: instant) &- began) / 1e9)
  }

  /// The engine's run.
  var engineRun: String { context.server.run }

  /// The rates of a span of time, the oldest first.
  func rateSamples(_ window: TrafficWindow) -> [RateSample] { rates.samples(window) }

  /// The value of `message-bytes` that holds for a route, or for the engine.
  func messageBytes(ofRoute route: String?) -> String {
    let rows = context.server.limitRows.filter { $0.key == .messageBytes }
    let row =
      rows.first { row in route.map { row.level == .route(UTF8Name($0)) } ?? false } ?? rows.first
    return row.map { $0.key.text(of: $0.value) } ?? ""
  }

  /// The patterns of the engine's routes, in the order of their indices.
  var routePatterns: [String] { context.server.routePatterns }

  /// How many sessions are known.
  var knownSessionCount: Int { mirrors.reduce(0) { $0 + $1.count } }

  // MARK: Questions

  /// The numbers of the whole engine.
  func statistics() -> EngineStatistics {
    EngineStatistics(of: context, rates: rates.last, at: moment)
  }

  /// The rates of the last seconds, the oldest first.
  func history(seconds: Int) -> [RateSample] { rates.suffix(seconds: seconds) }

  /// The closes of the last minute, ten minutes and hour.
  func closeIntervals() -> [CloseInterval] {
    closes.intervals(context.server.ledger.snapshot().closes, at: SystemClock.monotonic())
  }

  /// A question for a window of sessions.
  func question(
    _ query: SessionQuery, _ filter: SessionFilter, following followed: SessionID? = nil,
    locating located: SessionID? = nil
  ) -> WindowQuestion {
    readJournals()
    let observation = observation(for: filter, closed: closed)
    if wantsRates(query, filter) { wantRates(at: observation.moment.instant) }
    let order = SessionOrder(
      query: query, in: observation, followed: followed, located: located)
    var memory: [SessionCandidate] = []
    swap(&memory, &candidates)
    return WindowQuestion(self, query, filter, order: order, reusing: memory)
  }

  /// The window of sessions that a question asks for, at once.
  ///
  /// - Complexity: O(sessions), and O(*n* log *n*) in the rows of the window.
  func window(
    _ query: SessionQuery, _ filter: SessionFilter, following followed: SessionID? = nil,
    locating located: SessionID? = nil
  ) -> SessionWindow {
    let question = question(query, filter, following: followed, locating: located)
    while true {
      if let window = question.step(until: Instant(nanoseconds: .max)) { return window }
    }
  }

  /// Whether rates are used by the filter or the order, or shown.
  func wantsRates(_ query: SessionQuery, _ filter: SessionFilter) -> Bool {
    query.wantsRates || query.sort.isRate || filter.usesRates
  }

  /// Takes back the memory of an answered question, for the next one.
  func giveBack(_ memory: [SessionCandidate]) {
    candidates = memory
    candidates.removeAll(keepingCapacity: memory.capacity <= Self.maximumKeptCandidateCount)
  }

  /// Has rates measured from now on, for a while.
  func wantRates(at now: Instant) {
    meter.want(mirrors.map(\.handle), at: now)
  }

  /// A session of a window with its numbers now; nil if it is gone meanwhile.
  func observed(
    _ candidate: SessionCandidate, for query: SessionQuery, closed: ClosedSessions
  ) -> ObservedSession? {
    guard case .live(let reactor, let record) = candidate.place else {
      guard case .closed(let place) = candidate.place else { return nil }
      var session = closed[place].session
      session.showsQuery = query.wantsQuery
      return session
    }
    guard var session = mirrors[reactor].session(candidate.id, record: record) else { return nil }
    if query.wantsRates || query.sort.isRate {
      session.rates = meter.rates(of: candidate.id, reactor: reactor, record: record)
    }
    session.showsQuery = query.wantsQuery
    if query.wantsRooms { session.rooms = rooms.names(ofShown: candidate.id) }
    return session
  }

  /// The sessions whose rooms a filter or a window looked at, if they were fetched too long ago.
  func wantedRooms(at now: Instant) -> RoomDirectory.Wish? {
    rooms.takeWish(at: now)
  }

  /// A search for the sessions that a filter matches, in no order.
  func search(_ filter: SessionFilter) -> SessionSearch<[SessionID]> {
    readJournals()
    let observation = observation(for: filter)
    if filter.usesRates { wantRates(at: observation.moment.instant) }
    return SessionSearch(self, asking: filter, into: []) { ids, reactor, record, sample in
      let session = observation.session(.live(reactor: reactor, record: record), sample)
      if filter.matches(session, now: observation.moment.seconds) { ids.append(session.id) }
    }
  }

  /// The tables in which a filter and an order look sessions up, now.
  ///
  /// - Parameter closed: the closed sessions, if these are looked at.
  func observation(
    for filter: SessionFilter, closed: ClosedSessions = ClosedSessions()
  ) -> Observation {
    observation(for: filter, closed: closed, at: moment)
  }

  /// The tables in which a filter and an order look sessions up, at a moment.
  func observation(
    for filter: SessionFilter, closed: ClosedSessions = ClosedSessions(), at moment: Moment
  ) -> Observation {
    Observation(
      mirrors: mirrors, closed: closed, meter: meter, rooms: rooms, moment: moment,
      seesSecrets: filter.seesSecrets, namesRedactions: filter.namesRedactions)
  }

  /// Every route with its sessions and its traffic, that of closed sessions included.
  ///
  /// - Complexity: O(sessions).
  func routes() -> [GroupRow] {
    readJournals()
    let patterns = context.server.routePatterns
    var rows = patterns.map { closedByRoute[UTF8Name($0)] ?? GroupRow(name: $0) }
    for mirror in mirrors {
      mirror.forEach { _, sample in
        guard let route = sample.identity.route, rows.indices.contains(route) else { return }
        rows[route].sessions += 1
        rows[route].add(sample)
      }
    }
    return rows
  }

  /// The profile and the numbers of every known session.
  ///
  /// - Complexity: O(sessions).
  func forEachSession(_ body: (SessionProfile, SessionSample) -> Void) {
    readJournals()
    for mirror in mirrors {
      mirror.forEach { record, sample in
        if let profile = mirror.profile(ofRecord: record) { body(profile, sample) }
      }
    }
  }

  /// A live session; nil if there is none of that name.
  func session(_ id: SessionID) -> ObservedSession? {
    readJournals()
    guard id.reactor < mirrors.count, var session = mirrors[id.reactor].session(id) else {
      return nil
    }
    session.rates = meter.rates(of: id, reactor: id.reactor, record: session.profile.record)
    return session
  }

  /// A session that lives or is among the last closed ones.
  func sessionOrLately(_ id: SessionID) -> ObservedSession? {
    session(id) ?? closed.session(id)
  }

  // MARK: Time

  /// Takes the samples of a second.
  func tick() {
    readJournals()
    let moment = moment
    rates.add(RateHistory.Totals(of: context.server), at: moment)
    hour.tick(at: moment)
    meter.tick(mirrors.map(\.handle), at: moment.instant)
    closes.add(context.server.ledger.snapshot().closes, at: moment.instant)
    if memory.isDue(
      heldByteCount: MemoryRelease.heldByteCount(in: context.server), at: moment.instant)
    {
      context.begin { [context] in await MemoryRelease.perform(on: context.server) }
    }
  }

  // MARK: Journals

  /// Takes the entries of the reactors' journals since the last time.
  func readJournals() {
    for index in mirrors.indices where !mirrors[index].isClosingGap {
      let (entries, missedCount) = mirrors[index].handle.journal.takeAll()
      apply(entries, to: index)
      if missedCount > 0 { closeGap(index) }
    }
  }

  private func apply(_ entries: [SessionJournal.Entry], to index: Int) {
    guard !entries.isEmpty else { return }
    let moment = moment
    // Profiles are freed together, after the loop: freed one by one, the allocator would make each
    // copy at the place of the one before it, amid the memory that the sessions have left.
    var gone: [SessionProfile] = []
    defer { withExtendedLifetime(gone) {} }
    for entry in entries {
      switch entry {
      case .opened(let profile): mirrors[index].insert(profile)
      case .tagged(let id, let record, let tags):
        mirrors[index].insert(tags, of: id, record: record)
      case .closed(let session):
        guard let profile = mirrors[index].remove(session.id, record: session.record) else {
          continue
        }
        gone.append(profile)
        let entry = ClosedSessions.Entry(
          session, profile, redaction: context.server.configuration.redaction, at: moment)
        closed.append(entry)
        context.history?.keep { [run = context.server.run] in HistoryEntry(entry, run: run) }
        if let sample = session.sample {
          closedByRoute[UTF8Name(profile.route), default: GroupRow(name: profile.route)]
            .add(sample)
        }
      }
    }
  }

  /// Asks the reactor for its sessions; until it answers its journal is left alone.
  private func closeGap(_ index: Int) {
    guard !mirrors[index].isClosingGap else { return }
    mirrors[index].isClosingGap = true
    let handle = mirrors[index].handle
    context.begin { [self] in gapClosed(index, await handle.closeJournalGap()) }
  }

  private func gapClosed(_ index: Int, _ gap: JournalGap?) {
    mirrors[index].isClosingGap = false
    guard let gap else { return }
    apply(gap.entries, to: index)
    mirrors[index].replace(with: gap.open, gap.tags)
  }
}

@available(*, unavailable)
extension Observer: Sendable {}

extension GroupRow {
  /// Adds the traffic of a session.
  fileprivate mutating func add(_ sample: SessionSample) {
    messagesIn &+= sample.messagesIn
    messagesOut &+= sample.messagesOut
    bytesIn &+= sample.bytesIn
    bytesOut &+= sample.bytesOut
  }
}
