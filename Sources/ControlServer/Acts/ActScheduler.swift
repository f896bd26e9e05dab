internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine

/// The acts under way: takes each through its sessions, step by step, at its pace.
///
/// Confined to the control reactor. A step asks the sessions' reactors, side by side, and the next
/// one is taken when they have answered: a control API that is asked for much delays no message by
/// more than one slice.
final class ActScheduler {
  /// How many acts that can be followed go on at once.
  static let maximumRunningCount = 8
  /// How many acts that are over are remembered.
  static let maximumFinishedCount = 32

  private unowned let api: ControlAPI
  private var running: [Int: RunningAct] = [:]
  private var finished = Ring<ActStatus>(capacity: maximumFinishedCount)
  private var tokens = PreviewTokens()
  private var lastID = 0
  private var isOver = false
  private var timer: Reactor.Registration?
  /// The next instant at which the timer counts.
  private var wakeUpAt: Instant?
  private var generator = SystemRandomNumberGenerator()

  /// A scheduler without acts.
  init(_ api: ControlAPI) {
    self.api = api
  }

  /// The running acts and the last finished ones, in the order of their numbers.
  var statuses: [ActStatus] {
    (finished.suffix(Self.maximumFinishedCount) + running.values.map(\.status))
      .sorted { $0.id < $1.id }
  }

  /// The status of an act.
  func status(of id: Int) throws(ControlRefusal) -> ActStatus {
    if let status = running[id]?.status ?? finished.last(where: { $0.id == id }) { return status }
    throw ControlRefusal(
      status: 404, code: "no-such-act", "there is no act \(id), or it is long over")
  }

  /// Whether a running act looks at rates.
  var usesRates: Bool { running.values.contains { $0.filter?.usesRates ?? false } }

  /// The sessions that an act would hit.
  func preview(
    _ act: SessionAct, _ filter: SessionFilter?, _ selection: Observer.Selection
  ) -> ActPreview {
    var preview = ActPreview(
      engine: api.engineRun, count: selection.targets.count, total: selection.openCount,
      sample: api.observer.sample(of: selection, count: ActPreview.maximumSampleCount))
    if let filter {
      preview.token = tokens.issue(
        act.kind, filter: filter.description, count: selection.targets.count, at: api.reactor.now)
      preview.expiresInSeconds = PreviewTokens.lifetime.inSeconds
    }
    return preview
  }

  // MARK: An act

  /// Carries an act on named sessions out; one that is named twice is hit once, and told of twice.
  func carryOut(
    _ sessionAct: SessionAct, on ids: [SessionID], for actor: ControlActor
  ) async throws(ControlRefusal) -> ControlReply {
    var seen: Set<SessionID> = []
    let targets = ids.filter { seen.insert($0).inserted }.map { ActTarget(id: $0) }
    let reply = try await carryOut(sessionAct, on: targets, for: actor)
    guard targets.count < ids.count, case .act(var result) = reply else { return reply }
    let outcomes = Dictionary(
      result.outcomes.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    result.outcomes = ids.compactMap { outcomes[$0] }
    return .act(result)
  }

  /// Carries an act out: to its end, unless its actor wants to follow it from elsewhere.
  ///
  /// An act with a filter or a pace can be followed: it has a number, and is told of as a whole. The
  /// others are told of session by session.
  ///
  /// - Throws: if its token is not good, if too many acts go on, or if the engine stops.
  func carryOut(
    _ sessionAct: SessionAct, on targets: [ActTarget], matching filter: SessionFilter? = nil,
    for actor: ControlActor
  ) async throws(ControlRefusal) -> ControlReply {
    guard !isOver else {
      throw ControlRefusal(
        status: 503, code: "stopping", "the engine stops: nothing was done")
    }
    let commands = api.context.commands
    var status = ActStatus(
      engine: api.engineRun, id: 0, kind: sessionAct.kind, filter: sessionAct.selection.filter,
      count: targets.count)
    status.rate = sessionAct.selection.rate
    status.jitter = sessionAct.selection.jitter
    status.startedAt = SystemClock.secondsSince1970()
    status.actor = actor.name
    status.command = sessionAct.command(commands)
    let act = RunningAct(status, sessionAct, filter, targets, startingAt: api.reactor.now)
    act.fullCommand = sessionAct.fullCommand(commands)
    act.who = actor.who
    guard sessionAct.selection.isFollowed else {
      await proceed(with: act)
      record(ActSentence.done(act), of: act)
      return .act(ActResult(engine: api.engineRun, outcomes: act.outcomes))
    }
    try enroll(act)
    // A task of its own: whoever waits for it is told of its end as soon as that is decided.
    if targets.isEmpty {
      close(act)
    } else {
      api.context.begin { [api] in await api.acts.finish(act) }
    }
    if sessionAct.selection.wait ?? (status.rate == nil) { await act.waitForEnd() }
    return .progress(act.status)
  }

  /// Gives an act its number, if its token is good and there is room for one more.
  private func enroll(_ act: RunningAct) throws(ControlRefusal) {
    guard running.count < Self.maximumRunningCount else {
      throw ControlRefusal(
        status: 503, code: "too-many-acts",
        "\(running.count) acts go on already: wait, or abort one of them")
    }
    if let filter = act.filter {
      act.status.previewed = try previewedCount(act.sessionAct, filter)
    }
    lastID += 1
    act.status.id = lastID
    running[lastID] = act
    if act.status.rate != nil { record(ActSentence.begun(act.status, act.sessionAct), of: act) }
  }

  private func previewedCount(
    _ sessionAct: SessionAct, _ filter: SessionFilter
  ) throws(ControlRefusal) -> Int {
    do throws(PreviewTokens.Refusal) {
      return try tokens.use(
        sessionAct.selection.token ?? "", for: sessionAct.kind, filter: filter.description,
        at: api.reactor.now)
    } catch {
      let reason =
        switch error {
        case .unknown: "the token is not known, or was used before"
        case .expired: "the token is older than ten minutes"
        case .otherAct: "the token was given for another act or filter"
        }
      throw ControlRefusal(
        status: 409, code: "invalid-token", "\(reason): nothing was done, ask for a dry run again")
    }
  }

  /// Takes an act with a number to its end.
  private func finish(_ act: RunningAct) async {
    await proceed(with: act)
    close(act)
  }

  /// Takes an act through its sessions, a step at a time, until it is through or aborted.
  private func proceed(with act: RunningAct) async {
    let operatorAct = act.operatorAct
    while act.abortedBy == nil, !act.rest.isEmpty {
      let slice = act.take(at: api.reactor.now, using: &generator)
      guard !slice.isEmpty else {
        await sleep(act)
        continue
      }
      let ids = await stillMeant(slice, by: act)
      // It may have been aborted while rooms were looked up.
      if act.abortedBy != nil { break }
      for _ in ids.count..<slice.count { act.status.add(.noLongerMatches) }
      guard !ids.isEmpty else {
        await api.turns.pause()
        continue
      }
      let outcomes = await act.sessionAct.perform(
        on: api.context.server, ids, matching: act.filter, as: operatorAct)
      act.add(outcomes, of: ids)
    }
  }

  /// The sessions of a step that the act's filter still matches.
  private func stillMeant(_ slice: ArraySlice<ActTarget>, by act: RunningAct) async -> [SessionID] {
    guard let filter = act.filter else { return slice.map(\.id) }
    let ids = matching(slice, filter)
    // Rooms are looked up right before the act: a session that left its room must not be hit.
    guard let wish = api.observer.wantedRooms(at: api.reactor.now) else { return ids }
    // Without an answer no session is hit, since some may be in another room.
    return await api.fetchRooms(wish) ? matching(slice, filter) : []
  }

  private func matching(_ slice: ArraySlice<ActTarget>, _ filter: SessionFilter) -> [SessionID] {
    api.observer.readJournals()
    let moment = api.observer.moment
    return slice.filter { api.observer.stillMatches($0, filter, at: moment) }.map(\.id)
  }

  /// Takes an act that is over out of the running ones.
  private func close(_ act: RunningAct) {
    guard running.removeValue(forKey: act.status.id) != nil else { return }
    act.end(at: SystemClock.secondsSince1970())
    finished.append(act.status)
    record(ActSentence.ended(act.status, act.sessionAct, abortedBy: act.abortedBy), of: act)
    api.front?.snapshotChanged()
  }

  private func record(_ event: EventDraft, of act: RunningAct) {
    var event = event
    event.fullCommand = act.fullCommand
    api.record(event)
  }

  // MARK: The end of acts

  /// Ends an act once the step under way is over; the rest of its sessions are left alone.
  func abort(_ id: Int, for actor: ControlActor) async throws(ControlRefusal) -> ActStatus {
    guard let act = running[id] else { return try status(of: id) }
    act.abort(by: actor.name)
    await act.waitForEnd()
    return act.status
  }

  /// Ends the running acts as aborted by the engine's end, and takes no more.
  func end() {
    isOver = true
    for act in running.values.sorted(by: { $0.status.id < $1.status.id }) {
      act.abort(by: "the engine's end")
      close(act)
    }
  }

  // MARK: Time

  /// Waits for the turn of an act's next session, or until it is aborted.
  private func sleep(_ act: RunningAct) async {
    wakeUp(at: act.nextAt)
    await act.sleep()
  }

  private func wakeUp(at instant: Instant) {
    // Deadlines of a reactor add up: one more is set only if it comes before all others.
    if let wakeUpAt, wakeUpAt <= instant { return }
    wakeUpAt = instant
    let registration = timer ?? api.reactor.registerTimer(self)
    timer = registration
    api.reactor.setDeadline(instant, for: registration)
  }
}

extension ActScheduler: ReactorHandler {
  func handle(_ readiness: Readiness) {}

  func handleDeadline() {
    // A deadline that was overtaken by a sooner one comes too, and is passed over.
    let now = api.reactor.now
    guard let due = wakeUpAt, due <= now else { return }
    wakeUpAt = nil
    let asleep = running.values.filter(\.isAsleep).sorted { $0.status.id < $1.status.id }
    for act in asleep where act.nextAt <= now { act.wakeUp() }
    if let next = asleep.map(\.nextAt).filter({ $0 > now }).min() { wakeUp(at: next) }
  }
}

@available(*, unavailable)
extension ActScheduler: Sendable {}
