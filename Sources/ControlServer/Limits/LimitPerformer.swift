internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine

/// Shows and changes limits for a client, or reverts a change; awaits reactors.
///
/// Changes are made one after the other: see `LimitChangeQueue`.
struct LimitPerformer: Sendable {
  /// How many sessions are closed at once, so that a reactor serves the others between.
  private static let closeSliceCount = 500

  let context: ControlContext
  let acts: ActPerformer

  /// - Parameter actor: the client, such as `uid 1000 pid 4242`.
  init(_ context: ControlContext, actor: String) {
    self.context = context
    acts = ActPerformer(
      server: context.server, commands: EventCommands(context.path), actor: actor)
  }

  private var server: Server { context.server }

  /// Lists all limits.
  func limits() async -> ActPerformer.Outcome {
    ActPerformer.Outcome(reply: .limits(await list()))
  }

  /// Changes limits and lists all of them, or gives the forecast of a change.
  func change(_ request: LimitChange) async -> ActPerformer.Outcome {
    if let refusal = acts.otherRun(request.engine) { return refusal }
    let scope = request.scope ?? .engine
    do {
      let settings = try request.settings()
      let changes = LimitAssignments(set: settings.set, unset: settings.unset)
      guard let plan = await plan(changes, at: scope) else { return notFound(scope) }
      if request.dryRun ?? false { return await preview(plan) }
      return try await change(request, changes, plan)
    } catch let error as LimitError {
      return acts.refused(400, "invalid-limit", error.description)
    } catch let error as ControlError {
      return ActPerformer.Outcome(reply: .refused(status: 400, error.error))
    } catch {
      return acts.refused(500, "failed", "the change failed")
    }
  }

  /// Keeps limits that would revert.
  func keep(_ request: LimitKeep) async -> ActPerformer.Outcome {
    if let refusal = acts.otherRun(request.engine) { return refusal }
    let keys = try? request.limitKeys()
    let scope = request.scope ?? (keys == nil ? nil : .engine)
    let kept = await context.onLoop { $0.limitChanges.reverts.keep(at: scope, keys) }
    guard let kept, !kept.isEmpty else {
      return acts.refused(
        404, "no-revert", "no such change of a limit waits to be reverted: nothing was kept")
    }
    var outcome = LimitOutcome()
    outcome.cancelledReverts = kept.count
    return ActPerformer.Outcome(
      reply: .limits(await list(outcome)),
      event: EventDraft(
        .limit, ActSentence.keep(kept), actor: acts.actor,
        command: acts.commands.line(.keepLimits(request))))
  }

  /// Reverts a change whose time is over, and gives the event; nil if there is nothing to tell.
  func revert(_ trial: LimitReverts.Trial) async -> EventDraft? {
    // A client that kept the limit, or tries something else, may have been faster.
    guard await context.onLoop({ $0.limitChanges.reverts.isUnderWay(trial) }) ?? false else {
      return nil
    }
    let event = await takeBack(trial)
    _ = await context.onLoop { $0.limitChanges.reverts.end(trial.place) }
    return event
  }

  // MARK: Parts

  private func takeBack(_ trial: LimitReverts.Trial) async -> EventDraft? {
    let place = trial.place
    let key = place.key
    var changes = LimitAssignments()
    if let base = trial.base { changes.set[key] = base.value } else { changes.unset = [key] }
    // A session that is gone took its limits with it.
    guard let plan = await plan(changes, at: place.scope), let item = plan.items.first else {
      return nil
    }
    guard item.setting?.value == trial.tried else {
      return EventDraft(.limit, ActSentence.notReverted(trial, now: item.old), actor: trial.actor)
    }
    do throws(LimitError) {
      // A session or route that is gone took its limits with it.
      guard
        try await server.changeLimits(
          changes, at: place.scope.level, origin: trial.base?.origin ?? .operator)
      else { return nil }
    } catch {
      return EventDraft(
        .problem, ActSentence.notReverted(trial, because: error.description), actor: trial.actor)
    }
    let command = LimitChange(
      scope: place.scope, set: trial.base.map { [key.rawValue: key.text(of: $0.value)] },
      unset: trial.base == nil ? [key.rawValue] : nil)
    return EventDraft(
      .limit, ActSentence.reverted(trial, from: item.old, to: item.new), actor: trial.actor,
      command: acts.commands.line(.changeLimits(command)))
  }

  private func change(
    _ request: LimitChange, _ changes: LimitAssignments, _ plan: LimitPlan
  ) async throws -> ActPerformer.Outcome {
    let time = try request.revertAfterMilliseconds()
    let places = plan.items.map { LimitReverts.Place(key: $0.key, scope: plan.scope) }
    if time != nil,
      !(await context.onLoop { $0.limitChanges.reverts.hasRoom(for: places) } ?? false)
    {
      return acts.refused(
        409, "too-many-reverts",
        "\(LimitReverts.maximumCount) limits wait to be reverted: keep some of them first")
    }
    guard try await server.changeLimits(changes, at: plan.scope.level) else {
      return notFound(plan.scope)
    }
    var outcome = LimitOutcome()
    outcome.cancelledReverts =
      await context.onLoop { $0.takeTrial(of: plan, changes, time, actor: acts.actor) } ?? 0
    try await settle(request, plan, &outcome)
    return ActPerformer.Outcome(
      reply: .limits(await list(outcome)),
      event: EventDraft(
        .limit, ActSentence.change(plan, request, outcome), actor: acts.actor,
        command: acts.commands.line(.changeLimits(request)), subject: plan.subject))
  }

  /// Closes or counts the sessions that are over the new values.
  private func settle(
    _ request: LimitChange, _ plan: LimitPlan, _ outcome: inout LimitOutcome
  ) async throws {
    let order = request.order ?? .largest
    var over: [(key: LimitKey, ids: [SessionID])] = []
    for item in plan.items {
      let ids = await context.onLoop { SessionsOver(item, of: plan, order, in: $0.observer).ids }
      over.append((item.key, (ids ?? nil) ?? []))
    }
    guard request.over == .close else {
      // A large message in the past does not make a session breach the limit now.
      outcome.kept =
        over.filter { $0.key != .messageBytes }.reduce(into: Set()) { $0.formUnion($1.ids) }.count
      return
    }
    for (key, ids) in over {
      var rest = ids[...]
      while !rest.isEmpty {
        let slice = Array(rest.prefix(Self.closeSliceCount))
        rest = rest.dropFirst(slice.count)
        let outcomes = try await server.close(
          slice, code: key.codeForSessionsOver, reason: "over \(key.rawValue)")
        outcome.closed += outcomes.count { $0 == .done }
      }
    }
  }

  /// The plan of a change before it is made; nil if its scope does not exist.
  private func plan(_ changes: LimitAssignments, at scope: LimitScope) async -> LimitPlan? {
    let rows = server.limitRows
    var plan: LimitPlan
    switch scope {
    case .engine: plan = LimitPlan(changes, at: scope, rows: rows)
    case .route(let pattern):
      guard server.hasRoute(pattern) else { return nil }
      plan = LimitPlan(
        changes, at: scope, rows: rows,
        declared: { server.declaredLimit($0, forRoute: $1) })
    case .session(let id):
      guard let particulars = await server.particulars(of: id) else { return nil }
      plan = LimitPlan(
        changes, at: scope, rows: rows, sessionRows: particulars.limits, route: particulars.route)
      if changes.keys.contains(.roomsPerSession) { plan.roomCounts[id] = particulars.rooms.count }
      return plan
    }
    for index in plan.items.indices
    where plan.items[index].key.definition.scopes.contains(.session) {
      let route: UTF8Name? = if case .route(let pattern) = scope { pattern } else { nil }
      plan.items[index].narrowerSessions = await server.sessions(
        thatSet: plan.items[index].key, of: route)
    }
    if changes.keys.contains(.roomsPerSession) {
      for share in server.reactors {
        for (id, names) in await share.roomNames() ?? [:] { plan.roomCounts[id] = names.count }
      }
    }
    return plan
  }

  private func preview(_ plan: LimitPlan) async -> ActPerformer.Outcome {
    var forecasts: [LimitForecast] = []
    // Forecasts look at all sessions: one is made in a turn.
    for item in plan.items {
      let forecast = await context.onLoop { LimitForecast(item, of: plan, from: $0.observer) }
      if let forecast { forecasts.append(forecast) }
    }
    return ActPerformer.Outcome(
      reply: .limitPreview(
        LimitPreview(engine: server.run, scope: plan.scope, forecasts: forecasts)))
  }

  private func list(_ outcome: LimitOutcome? = nil) async -> LimitList {
    let rows = (server.limitRows + (await server.sessionLimitRows())).map(LimitRow.init)
    let annotated = await context.onLoop { loop in
      let moment = loop.observer.moment
      return (
        rows: loop.limitChanges.reverts.annotated(rows) { loop.observer.uptime(at: $0, moment) },
        uptime: loop.observer.uptime(at: moment.instant, moment)
      )
    }
    var list = LimitList(engine: server.run, limits: annotated?.rows ?? rows, outcome: outcome)
    list.uptimeSeconds = annotated?.uptime
    return list
  }

  private func notFound(_ scope: LimitScope) -> ActPerformer.Outcome {
    switch scope {
    case .session(let id): acts.refused(404, "no-such-session", "there is no session \(id)")
    case .route(let pattern): acts.noRoute(pattern.text)
    case .engine: acts.refused(500, "failed", "the change failed")
    }
  }
}

extension ControlLoop {
  /// Begins the trials of a change that was made, or ends the trials that it replaces; says how
  /// many it ended.
  func takeTrial(
    of plan: LimitPlan, _ changes: LimitAssignments, _ milliseconds: Int?, actor: String
  ) -> Int {
    var endedCount = 0
    for item in plan.items {
      let place = LimitReverts.Place(key: item.key, scope: plan.scope)
      guard let milliseconds else {
        if limitChanges.reverts.end(place) { endedCount += 1 }
        continue
      }
      limitChanges.reverts.begin(
        LimitReverts.Trial(
          place: place, tried: changes.set[item.key], base: item.setting, baseValue: item.old,
          deadline: reactor.now.advanced(by: .milliseconds(milliseconds)),
          at: SystemClock.secondsSince1970() + Double(milliseconds) / 1000, actor: actor))
    }
    return endedCount
  }
}

extension LimitKey {
  /// The close code for sessions that are over the limit when it is set.
  var codeForSessionsOver: CloseCode {
    switch self {
    case .messageBytes: .messageTooBig
    case .idleTimeout: .goingAway
    // 1013 corresponds to a refused handshake's 503: the peer may come back later.
    case .sessions: .tryAgainLater
    default: .policyViolation
    }
  }
}
