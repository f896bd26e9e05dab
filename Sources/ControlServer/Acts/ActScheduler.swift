internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine

/// The acts that go on: takes each through its sessions, step by step, at its pace.
///
/// Confined to the control reactor. A step asks the sessions' reactors, side by side, and the next
/// one is taken when they have answered: a control API that is asked for much delays no message by
/// more than one slice.
final class ActScheduler {
  /// How many acts go on at once.
  static let maximumRunningCount = 8
  /// How many acts that are over are remembered.
  static let maximumFinishedCount = 32

  private unowned let loop: ControlLoop
  private var running: [Int: RunningAct] = [:]
  private var finished = Ring<ActStatus>(capacity: maximumFinishedCount)
  private var tokens = PreviewTokens()
  private var lastID = 0
  private var timer: Reactor.Registration?
  /// The next instant at which the timer counts.
  private var wakeUpAt: Instant?
  private var generator = SystemRandomNumberGenerator()

  /// A scheduler without acts.
  init(_ loop: ControlLoop) {
    self.loop = loop
  }

  /// The running acts and the last finished ones, in the order of their numbers.
  var statuses: [ActStatus] {
    (finished.suffix(Self.maximumFinishedCount) + running.values.map(\.status))
      .sorted { $0.id < $1.id }
  }

  /// The status of an act; nil if it is not known, or no more.
  func status(of id: Int) -> ActStatus? {
    running[id]?.status ?? finished.last { $0.id == id }
  }

  // MARK: Before an act

  /// The sessions that an act would hit.
  func preview(_ sessionAct: SessionAct, _ filter: SessionFilter?, _ selection: Observer.Selection)
    -> ActPreview
  {
    var preview = ActPreview(
      engine: loop.engineRun, count: selection.targets.count, total: selection.openCount,
      sample: loop.observer.sample(of: selection, count: ActPreview.maximumSampleCount))
    if let filter {
      preview.token = tokens.issue(
        sessionAct.kind, filter: filter.description, count: selection.targets.count,
        at: loop.reactor.now)
      preview.expiresInSeconds = PreviewTokens.lifetime.inSeconds
    }
    return preview
  }

  /// Begins an act, if its token is good and there is room for one more.
  ///
  /// - Parameter waiter: the connection that is answered when it is over.
  func begin(
    _ sessionAct: SessionAct, _ filter: SessionFilter?, _ targets: [ActTarget],
    by actor: ActPerformer,
    waiter: Int?
  ) throws(ControlRefusal) -> ActStatus {
    guard running.count < Self.maximumRunningCount else {
      throw ControlRefusal(
        status: 503, code: "too-many-acts",
        "\(running.count) acts go on already: wait, or abort one of them")
    }
    var status = ActStatus(
      engine: loop.engineRun, id: lastID + 1, kind: sessionAct.kind,
      filter: sessionAct.selection.filter,
      count: targets.count)
    if let filter {
      status.previewed = try previewedCount(sessionAct, filter)
    }
    lastID += 1
    status.rate = sessionAct.selection.rate
    status.jitter = sessionAct.selection.jitter
    status.startedAt = SystemClock.secondsSince1970()
    status.actor = actor.actor
    status.command = sessionAct.command(actor.commands)
    let act = RunningAct(status, sessionAct, filter, targets, startingAt: loop.reactor.now)
    act.fullCommand = sessionAct.fullCommand(actor.commands)
    if let waiter { act.waiters.append(waiter) }
    running[act.status.id] = act
    if status.rate != nil { record(ActSentence.begun(act.status, sessionAct), of: act) }
    step(act)
    return act.status
  }

  private func previewedCount(_ sessionAct: SessionAct, _ filter: SessionFilter)
    throws(ControlRefusal) -> Int
  {
    do throws(PreviewTokens.Refusal) {
      return try tokens.use(
        sessionAct.selection.token ?? "", for: sessionAct.kind, filter: filter.description,
        at: loop.reactor.now)
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

  // MARK: An act under way

  /// Ends an act once the step under way is over; the rest of its sessions are left alone.
  ///
  /// - Returns: its status, or nil if the connection is answered when it has ended.
  func abort(_ id: Int, actor: String, waiter: Int) throws(ControlRefusal) -> ActStatus? {
    guard let act = running[id] else {
      if let status = status(of: id) { return status }
      throw Self.noAct(id)
    }
    act.abortedBy = actor
    act.waiters.append(waiter)
    step(act)
    return nil
  }

  /// The refusal for an act that is not known.
  static func noAct(_ id: Int) -> ControlRefusal {
    ControlRefusal(status: 404, code: "no-such-act", "there is no act \(id), or it is long over")
  }

  /// Takes the next sessions, if it is their turn.
  private func step(_ act: RunningAct) {
    guard !act.isBusy else { return }
    guard act.abortedBy == nil, !act.rest.isEmpty else { return finish(act) }
    let slice = act.take(at: loop.reactor.now, using: &generator)
    guard !slice.isEmpty else { return wakeUp(at: act.nextAt) }
    act.isBusy = true
    guard let filter = act.filter else { return perform(act, slice.map(\.id), sparing: 0) }
    let ids = matching(slice, filter)
    // Rooms are looked up right before the act: a session that left its room must not be hit.
    guard let wish = loop.observer.wantedRooms(at: loop.reactor.now) else {
      return perform(act, ids, sparing: slice.count - ids.count)
    }
    let id = act.status.id
    loop.fetchRooms(wish) { loop, isKnown in
      guard let act = loop.acts.running[id] else { return }
      // Without an answer no session is hit, since some may be in another room.
      let ids = isKnown ? loop.acts.matching(slice, filter) : []
      loop.acts.perform(act, ids, sparing: slice.count - ids.count)
    }
  }

  private func perform(_ act: RunningAct, _ ids: [SessionID], sparing sparedCount: Int) {
    for _ in 0..<sparedCount { act.status.add(.noLongerMatches) }
    let (id, sessionAct, context) = (act.status.id, act.sessionAct, loop.context)
    context.run { [filter = act.filter] in
      let outcomes = await sessionAct.perform(on: context.server, ids, matching: filter)
      context.post { $0.acts.stepped(id, outcomes) }
    }
  }

  /// The next sessions that the filter still matches.
  private func matching(_ slice: ArraySlice<ActTarget>, _ filter: SessionFilter) -> [SessionID] {
    loop.observer.readJournals()
    let moment = loop.observer.moment
    return slice.filter { loop.observer.stillMatches($0, filter, at: moment) }.map(\.id)
  }

  private func stepped(_ id: Int, _ outcomes: [SessionActOutcome]) {
    guard let act = running[id] else { return }
    for outcome in outcomes { act.status.add(SessionOutcome.Outcome(outcome)) }
    act.isBusy = false
    step(act)
  }

  private func finish(_ act: RunningAct) {
    act.status.state = act.abortedBy == nil ? .finished : .aborted
    act.status.finishedAt = SystemClock.secondsSince1970()
    running[act.status.id] = nil
    finished.append(act.status)
    record(ActSentence.ended(act.status, act.sessionAct, abortedBy: act.abortedBy), of: act)
    for number in act.waiters {
      loop.connections[number]?.answer(HTTPAnswer(.progress(act.status)))
    }
    loop.refreshWatches()
  }

  private func record(_ event: EventDraft, of act: RunningAct) {
    var event = event
    event.fullCommand = act.fullCommand
    loop.record(event)
  }

  /// Finishes the running acts as aborted by the engine's end.
  func stop() {
    for act in running.values.sorted(by: { $0.status.id < $1.status.id }) {
      act.abortedBy = "the engine's end"
      finish(act)
    }
  }

  /// Whether a running act looks at rates.
  var usesRates: Bool { running.values.contains { $0.filter?.usesRates ?? false } }

  private func wakeUp(at instant: Instant) {
    // Deadlines of a reactor add up: one more is set only if it comes before all others.
    if let wakeUpAt, wakeUpAt <= instant { return }
    wakeUpAt = instant
    let registration = timer ?? loop.reactor.registerTimer(self)
    timer = registration
    loop.reactor.setDeadline(instant, for: registration)
  }
}

extension ActScheduler: ReactorHandler {
  func handle(_ readiness: Readiness) {}

  func handleDeadline() {
    // A deadline that was overtaken by a sooner one comes too, and is passed over.
    guard let due = wakeUpAt, due <= loop.reactor.now else { return }
    wakeUpAt = nil
    let acts = running.values.sorted { $0.status.id < $1.status.id }
    for act in acts where act.nextAt <= loop.reactor.now { step(act) }
    let next = acts.filter { $0.nextAt > loop.reactor.now && !$0.isBusy }.map(\.nextAt).min()
    if let next { wakeUp(at: next) }
  }
}

@available(*, unavailable)
extension ActScheduler: Sendable {}
