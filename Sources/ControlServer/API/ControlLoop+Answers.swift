internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine
internal import WebSocketProtocol

extension ControlLoop {
  /// Answers a request, at once or when reactors have answered.
  func answer(_ request: HTTPRequest, on connection: ClientConnection) {
    do throws(ControlRefusal) {
      let (head, peer) = (request.head, connection.peer)
      // Methods other than GET change something; of those with GET only a tap needs the role to
      // act.
      if head.method != ControlMethod.get.rawValue { try permit(.operate, for: head, to: peer) }
      switch try ControlCall(request) {
      case .api(let request): answer(request, on: connection)
      case .closed(let limit):
        let closed = observer.closed
        let frame = ClosedList(engine: engineRun, total: closed.count, sessions: [])
        send(
          ListAnswer(in: frame, count: min(limit, closed.count)) { closed.newest($0) },
          to: connection.number)
      case .events(let sequence, let follows):
        sendEvents(after: sequence, follows: follows, on: connection)
      case .watch(let upgrade):
        connection.upgrade(
          try accept(upgrade), to: .watching(Watch(role: peer.isRemote ? peer.role : nil)))
      case .tap(let request, let upgrade):
        try permit(.operate, for: head, to: peer)
        try tap(request, upgrade, on: connection)
      case .health: connection.answer(HTTPAnswer(body: status("ok")))
      case .readiness:
        let server = context.server
        let isReady = !server.addresses.isEmpty && !server.isStopping
        connection.answer(
          HTTPAnswer(
            status: isReady ? 200 : 503,
            body: status(isReady ? "ready" : server.isStopping ? "stopping" : "starting")))
      }
    } catch {
      connection.answer(HTTPAnswer(error))
    }
  }

  private func answer(_ request: ControlRequest, on connection: ClientConnection) {
    let actor = ActPerformer(
      server: context.server, commands: context.commands, actor: connection.actor)
    let limits = LimitPerformer(context, actor: connection.actor)
    switch request {
    case .statistics:
      connection.answer(HTTPAnswer(.statistics(observer.statistics())))
    case .sessions(let query): answer(query, on: connection)
    case .session(let id): answerDetails(of: id, on: connection)
    case .sessionSecrets(let id): answerDetails(of: id, on: connection, withSecrets: true)
    case .close(let request) where request.selection.isFollowed || request.selection.isDryRun:
      answer(.close(request), by: actor, on: connection)
    case .send(let request) where request.selection.isFollowed || request.selection.isDryRun:
      // A dry run need not have a payload yet.
      answer(
        .send(request, (try? request.payload()) ?? .ping), by: actor, on: connection)
    case .groups(let query): answer(query, on: connection)
    case .close(let request): perform(for: connection) { await actor.close(request) }
    case .send(let request): perform(for: connection) { await actor.send(request) }
    case .acts:
      connection.answer(HTTPAnswer(.acts(ActList(engine: engineRun, acts: acts.statuses))))
    case .act(let id): answerAct(id, on: connection)
    case .abort(let id, let request): abort(id, request, by: actor, on: connection)
    case .limits: perform(for: connection) { await limits.limits() }
    case .changeLimits(let change) where change.dryRun ?? false:
      perform(for: connection) { await limits.change(change) }
    case .changeLimits(let change):
      changeLimits(for: connection) { await limits.change(change) }
    case .keepLimits(let request):
      changeLimits(for: connection) { await limits.keep(request) }
    case .traffic(let query):
      guard let report = observer.traffic(query) else {
        let refusal = actor.noRoute(query.route ?? "")
        return connection.answer(HTTPAnswer(refusal.reply))
      }
      connection.answer(HTTPAnswer(.traffic(report)))
    case .closes:
      connection.answer(
        HTTPAnswer(
          .closes(
            CloseTable(
              engine: engineRun, total: observer.statistics().closes,
              intervals: observer.closeIntervals()))))
    case .history(let query): answer(query, on: connection)
    case .reload: reload(by: actor, for: connection)
    case .stop:
      finish(actor.stop(), for: connection.number)
      requestStop()
    }
  }

  /// Runs an act, then records its event and answers; the connection may be gone by then.
  private func perform(
    for connection: ClientConnection,
    _ act: sending @escaping @isolated(any) () async -> ActPerformer.Outcome
  ) {
    let number = connection.number
    context.run { [context] in
      let outcome = await act()
      context.post { $0.finish(outcome, for: number) }
    }
  }

  /// Reads files again: the ones for clients from elsewhere first, adopted only if all can be used.
  private func reload(by actor: ActPerformer, for connection: ClientConnection) {
    // The log is reopened first, so that a rotated one is left even if certificates are wrong.
    let log = LogReopening(context.settings)
    record(log?.event)
    let material: RemoteMaterial?
    do throws(RemoteControlError) {
      material = try context.settings.remote.map { remote throws(RemoteControlError) in
        try RemoteMaterial(remote)
      }
    } catch {
      return finish(actor.notReloaded(error), for: connection.number)
    }
    let number = connection.number
    context.run { [context] in
      let outcome = await actor.reload(with: material, log: log)
      context.post { loop in
        loop.finish(outcome, for: number)
        if let material, outcome.reply.status == 200 { loop.adopt(material) }
      }
    }
  }

  private func finish(_ outcome: ActPerformer.Outcome, for number: Int) {
    record(outcome.event)
    answer(outcome.reply, to: number)
  }

  /// Answers with a reply; a long list is encoded a slice a turn.
  func answer(_ reply: ControlReply, to number: Int) {
    if let list = ListAnswer(reply) { return send(list, to: number, mayBeRefused: false) }
    connections[number]?.answer(HTTPAnswer(reply))
  }

  // MARK: Sessions

  private func answer(_ query: SessionQuery, on connection: ClientConnection) {
    let filter: SessionFilter
    do throws(FilterError) {
      filter = try SessionFilter(query.filter, for: connection.peer.role)
    } catch {
      return connection.answer(
        HTTPAnswer(ControlRefusal(status: 400, ControlError(error))))
    }
    list(query, filter, to: connection.number, fetchesRooms: true)
  }

  /// Answers with a window of sessions.
  ///
  /// - Parameter fetchesRooms: whether rooms that are known too long are looked up, and the
  ///   question is asked again.
  private func list(
    _ query: SessionQuery, _ filter: SessionFilter, to number: Int, fetchesRooms: Bool
  ) {
    var question: WindowQuestion?
    var list: ListAnswer?
    let isLong = query.limit.map { $0 > Self.maximumShortRowCount } ?? true
    makeList(for: number, isLong: isLong) { [unowned self] connection, deadline in
      if list == nil {
        let asked = question ?? observer.question(query, filter)
        question = asked
        guard let window = asked.step(until: deadline) else { return false }
        if fetchesRooms, let wish = observer.wantedRooms(at: reactor.now) {
          fetchRooms(wish) { loop, _ in
            loop.list(query, filter, to: number, fetchesRooms: false)
          }
          return true
        }
        list = ListAnswer(window, run: engineRun)
      }
      guard let body = list?.step(until: deadline) else { return false }
      connection.answer(HTTPAnswer(body: body))
      return true
    }
  }

  private func answerDetails(
    of id: SessionID, on connection: ClientConnection, withSecrets: Bool = false
  ) {
    let number = connection.number
    let actor = connection.actor
    context.run { [context] in
      let particulars = await context.server.particulars(of: id)
      context.post { loop in
        guard let connection = loop.connections[number] else { return }
        guard let details = loop.details(of: id, particulars, withSecrets: withSecrets) else {
          return connection.answer(HTTPAnswer(loop.noSession(id)))
        }
        if withSecrets {
          loop.record(
            EventDraft(
              .act, "showed the secrets of session \(id)", actor: actor,
              command: loop.context.commands.line(.sessionSecrets(id))))
        }
        connection.answer(HTTPAnswer(.session(details)))
      }
    }
  }

  func noSession(_ id: SessionID) -> ControlRefusal {
    let message =
      if let closed = observer.closed.row(of: id) {
        "session \(id) was closed with \(closed.code.rawValue) by \(closed.by)"
      } else {
        "there is no session \(id), nor was it among the last "
          + "\(ClosedSessions.capacity) that were closed; wstop history may know it"
      }
    return ControlRefusal(status: 404, code: "no-such-session", message)
  }

  /// Asks the reactors for rooms, for filters that look at them, or for a window that shows them.
  ///
  /// - Parameter then: is told whether all have answered; if not, the rooms known before stay.
  func fetchRooms(
    _ wish: RoomDirectory.Wish, then: @escaping @Sendable (ControlLoop, _ isKnown: Bool) -> Void
  ) {
    let began = reactor.now
    // Sessions opened from here on may be missing in the reactors' answers.
    observer.readJournals()
    let latest = observer.mirrors.map(\.latest)
    observer.rooms.beginFetching()
    context.run { [context] in
      var names: [SessionID: [String]]? = [:]
      for share in context.server.reactors {
        let found =
          switch wish {
          case .all: await share.roomNames()
          case .sessions(let ids):
            await share.roomNames(of: ids.filter { $0.reactor == share.index })
          }
        if let found { names?.merge(found) { $1 } } else { names = nil }
      }
      let found = names
      context.post { loop in
        loop.observer.rooms.endFetching(wish, found, since: began, latest: latest)
        then(loop, found != nil)
      }
    }
  }

  // MARK: History

  private func answer(_ query: HistoryQuery, on connection: ClientConnection) {
    guard let history = context.history else {
      return connection.answer(
        HTTPAnswer(
          ControlRefusal(status: 404, code: "no-history", "the engine keeps no history")))
    }
    // Journals are read first, so that the history has all sessions closed up to now.
    observer.readJournals()
    let number = connection.number
    history.page(query) { [context] result in
      context.post { loop in
        switch result {
        case .success(var page):
          let entries = page.entries
          let redaction = loop.context.server.configuration.redaction
          page.engine = loop.engineRun
          page.entries = []
          let list = ListAnswer(in: page, count: entries.count) { range in
            entries[range].map { $0.redacted(by: redaction) }
          }
          loop.send(list, to: number)
        case .failure(let error):
          loop.connections[number]?.answer(HTTPAnswer(ControlRefusal(status: 503, error)))
        }
      }
    }
  }

  // MARK: Events, watches, health

  private func sendEvents(after sequence: Int, follows: Bool, on connection: ClientConnection) {
    let role = connection.peer.role
    let lines = ListAnswer(lines: events.events(after: sequence, for: role))
    let last = events.lastSequence
    send(lines, to: connection.number) { [unowned self] connection, body in
      let answer = HTTPAnswer(contentType: "application/x-ndjson", body: body)
      guard follows else { return connection.answer(answer) }
      connection.follow(answer)
      // Events recorded while the list was encoded went only to connections that followed already.
      for event in events.events(after: last, for: role) { connection.send(line(of: event)) }
    }
  }

  /// An event as a line of the stream.
  func line(of event: EngineEvent) -> [UInt8] {
    ControlJSON.encode(event) + [UInt8(ascii: "\n")]
  }

  /// The response that accepts an opening handshake.
  func accept(_ upgrade: UpgradeRequest) throws(ControlRefusal) -> [UInt8] {
    do {
      return try HandshakeResponse(to: upgrade).bytes
    } catch {
      throw ControlRefusal(status: 500, code: "failed", "the opening handshake failed")
    }
  }

  private func status(_ word: String) -> [UInt8] {
    ControlJSON.encode(["engine": engineRun, "status": word])
  }
}
