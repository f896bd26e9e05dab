internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine

/// The control API of an engine: takes requests of actors and gives replies, whatever they came by.
///
/// Confined to the control reactor, whose executor runs every task of it: whatever a task awaits, it
/// goes on there, and no two of them run at a time. The task of a client that goes away is
/// cancelled, at which searches and lists alone look: what changes something is never left half
/// done.
final class ControlAPI {
  let context: ControlContext
  let reactor: Reactor
  let observer: Observer
  /// The longer work under way.
  let turns = TurnQueue()
  /// The places for long answers that are being made.
  let lists: ListPlaces
  /// The acts under way.
  private(set) lazy var acts = ActScheduler(self)
  /// The queue of changes of limits.
  let limitChanges = LimitChangeQueue()
  /// The limits of single sessions, as their reactors told last.
  var sessionLimits = SessionLimitCache()
  /// Rooms and routes, while a client looks at them.
  var groupBoard = GroupBoard()
  /// The rates of upstreams, while a client looks at them.
  var upstreamMeter = UpstreamMeter()
  /// The part of the control thread that has the clients; nil before it is made.
  weak var front: (any ControlFront)?
  private(set) var events = EventLog()
  private var notices = NoticeFilter()
  private var tally = EventTally()
  private var repeated = RepeatedEvents()

  /// The API of an engine that has not begun.
  init(_ context: ControlContext, reactor: Reactor) {
    self.context = context
    self.reactor = reactor
    observer = Observer(context)
    lists = ListPlaces(context)
  }

  /// The engine's run.
  var engineRun: String { context.server.run }

  /// Answers a request, which was checked when it was read.
  func answer(_ request: ControlRequest, for actor: ControlActor) async -> ControlAnswer {
    do throws(ControlRefusal) {
      try permit(
        request.role, to: actor,
        for: { "\(request.method.rawValue) \(request.endpoint.path)" })
      guard case .sessions(let query) = request else {
        return .reply(try await reply(to: request, for: actor))
      }
      let (window, place) = try await sessions(query, for: actor)
      return .sessions(window, place)
    } catch {
      return .reply(error.reply)
    }
  }

  private func reply(
    to request: ControlRequest, for actor: ControlActor
  ) async throws(ControlRefusal) -> ControlReply {
    switch request {
    case .statistics: .statistics(observer.statistics())
    case .sessions: preconditionFailure("a window of sessions is no reply yet")
    case .session(let id): .session(try await details(of: id))
    case .sessionSecrets(let id): .session(try await secrets(of: id, for: actor))
    case .groups(let query): .groups(try await groups(query, for: actor.role))
    case .upstreams: .upstreams(upstreams())
    case .drainUpstream(let selection):
      .upstreams(try perform(.drain, on: selection, for: actor))
    case .resumeUpstream(let selection):
      .upstreams(try perform(.resume, on: selection, for: actor))
    case .traffic(let query): .traffic(try traffic(query))
    case .closes:
      .closes(
        CloseTable(
          engine: engineRun, total: observer.statistics().closes,
          intervals: observer.closeIntervals()))
    case .history(let query): .history(try await history(query))
    case .close(let request): try await perform(.close(request), for: actor)
    case .send(let request): try await perform(try SessionAct(request), for: actor)
    case .acts: .acts(ActList(engine: engineRun, acts: acts.statuses))
    case .act(let id): .progress(try acts.status(of: id))
    case .abort(let id, let request): .progress(try await abort(id, request, for: actor))
    case .limits: .limits(await limitList())
    case .changeLimits(let change) where change.dryRun ?? false:
      .limitPreview(try await preview(change))
    case .changeLimits(let change): .limits(try await changeLimits(change, for: actor))
    case .keepLimits(let request): .limits(try await keepLimits(request, for: actor))
    case .reload: .reloaded(try await reload(for: actor))
    case .stop: stop(for: actor)
    }
  }

  // MARK: Refusals

  /// Refuses a request that an actor's role does not permit.
  ///
  /// - Parameter request: names the request, such as `POST /v1/close`.
  func permit(
    _ wanted: ControlRole, to actor: ControlActor, for request: () -> String
  ) throws(ControlRefusal) {
    guard !actor.role.includes(wanted) else { return }
    let request = UntrustedText.escaped(request(), limit: 80)
    let role = actor.role.rawValue
    record(
      EventDraft(
        .problem, "refused \(request): the role \(role) may look, and not act", actor: actor.name),
      unlessToldLately: actor.holder ?? actor.name)
    throw ControlRefusal(
      status: 403, code: "role-not-allowed",
      "\(actor.holder == nil ? "you have" : "your token has") the role \(role), which may look and "
        + "not act: \(request) wants the role \(wanted.rawValue)")
  }

  /// Refuses a request that was meant for another run of the engine.
  func check(run: String?) throws(ControlRefusal) {
    guard let run, run != engineRun else { return }
    throw ControlRefusal(
      status: 409, code: "other-engine",
      "the request names run \(UntrustedText.escaped(run, limit: 64)) of the engine; "
        + "this is run \(engineRun)")
  }

  /// The result of longer work that was not given up.
  static func found<Result>(_ result: Result?) throws(ControlRefusal) -> Result {
    guard let result else { throw abandoned }
    return result
  }

  /// The refusal of a request whose client went away, so that nobody reads it.
  static var abandoned: ControlRefusal {
    ControlRefusal(
      status: 503, code: "abandoned", "the request was given up before its answer was known")
  }

  // MARK: Events

  /// Records an event.
  func record(_ event: EventDraft?) {
    guard var event else { return }
    if let subject = event.subject {
      event = event.tagged(observer.sessionOrLately(subject)?.tags ?? [])
    }
    let kept = events.append(event, at: SystemClock.secondsSince1970())
    let told = kept.event
    context.history?.keep { [run = engineRun] in HistoryEntry(told, run: run) }
    front?.recorded(kept)
  }

  /// Records an event that strangers can cause as often as they like.
  func record(_ message: String, summedUpAs kind: EventTally.Kind) {
    record(tally.add(message, of: kind, at: reactor.now))
  }

  /// Records an event of a lasting condition, unless it was told lately.
  ///
  /// - Parameter condition: the condition's name.
  func record(_ event: EventDraft, unlessToldLately condition: String) {
    if repeated.isNews(condition, at: reactor.now) { record(event) }
  }

  // MARK: Time

  /// Does what is due once a second.
  func tick() {
    if acts.usesRates { observer.wantRates(at: reactor.now) }
    observer.tick()
    revertLimits()
    refreshGroups()
    measureUpstreams()
    for event in notices.events(for: context.server.notices.takeAll(), at: reactor.now) {
      record(event)
    }
    for event in tally.events(at: reactor.now) { record(event) }
    for notice in context.history?.takeNotices() ?? [] {
      let event = EventDraft(notice)
      if event.kind == .problem { context.server.log(warning: event.message) }
      record(event)
    }
  }

  /// Ends what goes on, as the engine stops.
  func end() {
    // Sessions closed by the engine's own end are kept too.
    observer.tick()
    acts.end()
  }
}

@available(*, unavailable)
extension ControlAPI: Sendable {}
