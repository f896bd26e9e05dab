internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine

/// The requests that show and change limits, and the reverts of changes.
extension ControlAPI {
  /// How many sessions are closed at once, so that a reactor serves the others between.
  private static let closeSliceCount = 500

  private var server: Server { context.server }

  /// The list of all limits.
  ///
  /// - Parameter outcome: the result of a change that was made before.
  func limitList(_ outcome: LimitOutcome? = nil) async -> LimitList {
    let sessionRows = await server.sessionLimitRows().map(LimitRow.init)
    let moment = observer.moment
    var list = LimitList(
      engine: engineRun, limits: limitRows(andThose: sessionRows, at: moment), outcome: outcome)
    list.uptimeSeconds = observer.uptime(at: moment.instant, moment)
    return list
  }

  /// All rows with what is known of them, in the order of the limits; those of routes and sessions
  /// below the engine's.
  func limitRows(andThose sessionRows: [LimitRow], at moment: Moment) -> [LimitRow] {
    var rows = server.limitRows.map(LimitRow.init)
    let admission = server.admission
    if let index = rows.firstIndex(where: { $0.key == .sessions }), admission.isBoundByDescriptors {
      rows[index].bound = LimitBound(
        value: LimitKey.sessions.text(of: .amount(admission.maximumSessionCount)),
        by: LimitBound.descriptors)
    }
    let annotated = limitChanges.reverts.annotated(rows + sessionRows) {
      observer.uptime(at: $0, moment)
    }
    let byKey = Dictionary(grouping: annotated, by: \.key)
    return LimitKey.allCases.flatMap { byKey[$0] ?? [] }
  }

  /// The forecast of a change.
  func preview(_ request: LimitChange) async throws(ControlRefusal) -> LimitPreview {
    try check(run: request.engine)
    let plan = try await plan(try Self.assignments(of: request), at: request.scope ?? .engine)
    var forecasts: [LimitForecast] = []
    // Each forecast looks at all sessions: one is made in a turn.
    for item in plan.items {
      await turns.pause()
      forecasts.append(LimitForecast(item, of: plan, from: observer))
    }
    return LimitPreview(engine: engineRun, scope: plan.scope, forecasts: forecasts)
  }

  /// Changes limits, once the changes before are made, and lists all of them.
  func changeLimits(
    _ request: LimitChange, for actor: ControlActor
  ) async throws(ControlRefusal) -> LimitList {
    try check(run: request.engine)
    var changes = try Self.assignments(of: request)
    try await beginChange()
    defer { endChange() }
    var plan = try await plan(changes, at: request.scope ?? .engine)
    var outcome = LimitOutcome()
    outcome.notSet = leaveOutUnset(&changes, of: &plan)
    guard !plan.items.isEmpty else { return await limitList(outcome) }
    let time: Int?
    do throws(ControlError) {
      time = try request.revertAfterMilliseconds()
    } catch {
      throw ControlRefusal(status: 400, error)
    }
    let places = plan.items.map { LimitReverts.Place(key: $0.key, scope: plan.scope) }
    guard time == nil || limitChanges.reverts.hasRoom(for: places) else {
      throw ControlRefusal(
        status: 409, code: "too-many-reverts",
        "\(LimitReverts.maximumCount) limits wait to be reverted: keep some of them first")
    }
    guard try await apply(changes, at: plan.scope) else { throw notFound(plan.scope) }
    outcome.cancelledReverts = takeTrials(of: plan, changes, time, actor: actor.name)
    await settle(request, plan, &outcome, as: OperatorAct(by: actor.who))
    record(
      EventDraft(
        .limit, ActSentence.change(plan, request, outcome), actor: actor.name,
        command: limitCommands.line(.changeLimits(request)), subject: plan.subject))
    return await limitList(outcome)
  }

  /// Keeps limits that would revert, and lists all of them.
  func keepLimits(
    _ request: LimitKeep, for actor: ControlActor
  ) async throws(ControlRefusal) -> LimitList {
    try check(run: request.engine)
    let keys: Set<LimitKey>?
    do throws(ControlError) {
      keys = try request.limitKeys()
    } catch {
      throw ControlRefusal(status: 400, error)
    }
    try await beginChange()
    defer { endChange() }
    let scope = request.scope ?? (keys == nil ? nil : .engine)
    let kept = limitChanges.reverts.keep(at: scope, keys)
    guard !kept.isEmpty else {
      throw ControlRefusal(
        status: 404, code: "no-revert",
        "no such change of a limit waits to be reverted: nothing was kept")
    }
    var outcome = LimitOutcome()
    outcome.cancelledReverts = kept.count
    record(
      EventDraft(
        .limit, ActSentence.keep(kept), actor: actor.name,
        command: limitCommands.line(.keepLimits(request))))
    return await limitList(outcome)
  }

  /// Takes back the changes that nobody kept in time.
  func revertLimits() {
    limitChanges.reverts.forgetSessions { observer.session($0) == nil }
    let due = limitChanges.reverts.beginDue(at: reactor.now)
    guard !due.isEmpty else { return }
    context.begin { [self] in
      await limitChanges.enter()
      defer { endChange() }
      // A client that kept the limit, or tries something else, may have been faster.
      for trial in due where limitChanges.reverts.isUnderWay(trial) {
        record(await takeBack(trial))
        _ = limitChanges.reverts.end(trial.place)
      }
    }
  }

  /// Notes that limits were changed, and shows it at once.
  func limitsChanged() {
    sessionLimits.invalidate()
    fetchSessionLimits()
    front?.snapshotChanged()
  }

  /// Fetches the limits of single sessions for snapshots, if the last time is long enough ago.
  func fetchSessionLimits() {
    guard sessionLimits.beginFetching(at: reactor.now) else { return }
    context.begin { [self] in
      let rows = await server.sessionLimitRows().map(LimitRow.init)
      let isNews = rows != sessionLimits.rows
      if sessionLimits.take(rows, at: reactor.now) { fetchSessionLimits() }
      if isNews { front?.snapshotChanged() }
    }
  }

  // MARK: A change

  /// The commands of the event log for limits, in which nothing is to be redacted.
  private var limitCommands: EventCommands { EventCommands(context.path) }

  private func beginChange() async throws(ControlRefusal) {
    guard !limitChanges.isFull else {
      throw ControlRefusal(
        status: 503, code: "busy",
        "\(LimitChangeQueue.maximumWaitingCount) changes of limits wait already: try again")
    }
    await limitChanges.enter()
  }

  private func endChange() {
    limitsChanged()
    limitChanges.leave()
  }

  private static func assignments(
    of request: LimitChange
  ) throws(ControlRefusal) -> LimitAssignments {
    do throws(ControlError) {
      let settings = try request.settings()
      return LimitAssignments(set: settings.set, unset: settings.unset)
    } catch {
      throw ControlRefusal(status: 400, error)
    }
  }

  /// Leaves out of a change the limits that it unsets where they are not set, and returns them.
  private func leaveOutUnset(
    _ changes: inout LimitAssignments, of plan: inout LimitPlan
  ) -> [LimitKey] {
    let scope = plan.scope
    let unset = changes.unset
    let left = plan.items.filter { item in
      // Where a setting was taken away for a time, unsetting it takes it away for good.
      unset.contains(item.key) && item.setting == nil
        && limitChanges.reverts[LimitReverts.Place(key: item.key, scope: scope)] == nil
    }.map(\.key)
    changes.unset.subtract(left)
    plan.items.removeAll { left.contains($0.key) }
    return left
  }

  private func apply(
    _ changes: LimitAssignments, at scope: LimitScope
  ) async throws(ControlRefusal) -> Bool {
    do throws(LimitError) {
      return try await server.changeLimits(changes, at: scope.level)
    } catch {
      throw ControlRefusal(status: 400, code: "invalid-limit", error.description)
    }
  }

  /// The plan of a change before it is made.
  private func plan(
    _ changes: LimitAssignments, at scope: LimitScope
  ) async throws(ControlRefusal) -> LimitPlan {
    guard let plan = await planned(changes, at: scope) else { throw notFound(scope) }
    return plan
  }

  /// The plan of a change before it is made; nil if its scope does not exist.
  private func planned(_ changes: LimitAssignments, at scope: LimitScope) async -> LimitPlan? {
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
      for handle in server.reactors {
        for (id, names) in await handle.roomNames() ?? [:] { plan.roomCounts[id] = names.count }
      }
    }
    return plan
  }

  /// Closes or counts the sessions that are over the new values.
  private func settle(
    _ request: LimitChange, _ plan: LimitPlan, _ outcome: inout LimitOutcome,
    as act: OperatorAct
  ) async {
    let order = request.order ?? .largest
    var over: [(key: LimitKey, ids: [SessionID])] = []
    for item in plan.items {
      await turns.pause()
      over.append((item.key, SessionsOver(item, of: plan, order, in: observer).ids ?? []))
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
        outcome.closed += await close(slice, over: key, as: act)
      }
    }
  }

  private func close(
    _ ids: [SessionID], over key: LimitKey, as act: OperatorAct
  ) async -> Int {
    do {
      let outcomes = try await server.close(
        ids, code: key.codeForSessionsOver, reason: "over \(key.rawValue)", act: act)
      return outcomes.count { $0 == .done }
    } catch {
      preconditionFailure("a limit's code and reason can be sent")
    }
  }

  /// Begins the trials of a change that was made, or ends the trials that it replaces; says how
  /// many it ended.
  private func takeTrials(
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

  /// Takes one change back, and gives the event; nil if there is nothing to tell.
  private func takeBack(_ trial: LimitReverts.Trial) async -> EventDraft? {
    let place = trial.place
    let key = place.key
    var changes = LimitAssignments()
    if let base = trial.base { changes.set[key] = base.value } else { changes.unset = [key] }
    // A session that is gone took its limits with it.
    guard let plan = await planned(changes, at: place.scope), let item = plan.items.first else {
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
      command: limitCommands.line(.changeLimits(command)))
  }

  private func notFound(_ scope: LimitScope) -> ControlRefusal {
    switch scope {
    case .session(let id):
      ControlRefusal(status: 404, code: "no-such-session", "there is no session \(id)")
    case .route(let pattern): noRoute(pattern.text)
    case .engine: ControlRefusal(status: 500, code: "failed", "the change failed")
    }
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
