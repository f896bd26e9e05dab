internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine
internal import WebSocketProtocol

extension ControlLoop {
  /// Answers a request, at once or when its task has the answer.
  func answer(_ request: HTTPRequest, on connection: ClientConnection) {
    do throws(ControlRefusal) {
      let head = request.head
      // Methods other than GET change something: their bodies are read for those alone who may act.
      if head.method != ControlMethod.get.rawValue {
        try permit(.operate, for: head, to: connection)
      }
      switch try ControlCall(request) {
      case .api(let request): serve(request, on: connection)
      case .closed(let limit):
        let closed = api.observer.closed
        let frame = ClosedList(engine: engineRun, total: closed.count, sessions: [])
        let list = ListAnswer(in: frame, count: min(limit, closed.count)) { closed.newest($0) }
        connection.begin { loop, connection in await loop.send(list, to: connection) }
      case .events(let sequence, let follows):
        connection.begin { loop, connection in
          await loop.sendEvents(after: sequence, follows: follows, to: connection)
        }
      case .watch(let upgrade):
        let peer = connection.peer
        connection.upgrade(
          try accept(upgrade), to: .watching(Watch(role: peer.isRemote ? peer.role : nil)))
      case .tap(let request, let upgrade):
        try permit(.operate, for: head, to: connection)
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

  private func permit(
    _ role: ControlRole, for head: RequestHead, to connection: ClientConnection
  ) throws(ControlRefusal) {
    try api.permit(role, to: connection.peer.actor, for: { "\(head.method) \(head.path)" })
  }

  // MARK: The API

  private func serve(_ request: ControlRequest, on connection: ClientConnection) {
    let actor = connection.peer.actor
    connection.begin { loop, connection in
      guard case .sessions(let query) = request else {
        return await loop.send(await loop.api.answer(request, for: actor), to: connection)
      }
      await loop.withListPlace(for: query, of: connection) {
        await loop.send(await loop.api.answer(request, for: actor), to: connection)
      }
    }
  }

  private func send(_ answer: ControlAnswer, to connection: ClientConnection) async {
    switch answer {
    case .sessions(let window):
      // Its place was taken before the search.
      await encode(ListAnswer(window, run: engineRun)) { connection.answer(HTTPAnswer(body: $0)) }
    case .reply(let reply):
      guard let list = ListAnswer(reply) else { return connection.answer(HTTPAnswer(reply)) }
      // It tells of something done, so it is made however much others have yet to read.
      await send(list, to: connection, mayBeRefused: false)
    }
  }

  private func send(
    _ list: ListAnswer, to connection: ClientConnection, mayBeRefused: Bool = true
  ) async {
    await withListPlace(for: list, of: connection, mayBeRefused: mayBeRefused) {
      await self.encode(list) { connection.answer(HTTPAnswer(body: $0)) }
    }
  }

  /// Encodes a list over as many turns as it takes, unless the client is gone before.
  private func encode(_ list: ListAnswer, then: ([UInt8]) -> Void) async {
    var list = list
    if let body = await api.turns.finish({ list.step(until: $0) }) { then(body) }
  }

  /// The reply to a request of the program that this runs in, as a value.
  func reply(to request: ControlRequest, for actor: ControlActor) async -> ControlReply {
    switch await api.answer(request, for: actor) {
    case .reply(let reply): return reply
    case .sessions(let window):
      var list = window.frame(run: engineRun)
      let rows: Void? = await api.turns.finish { deadline in
        window.addRows(to: &list, until: deadline) ? () : nil
      }
      return rows == nil ? ControlAPI.abandoned.reply : .sessions(list)
    }
  }

  // MARK: Places for lists

  private func withListPlace(
    for query: SessionQuery, of connection: ClientConnection, _ body: () async -> Void
  ) async {
    // The sessions that a search has found are memory, too: the place is taken before.
    let isLong = query.limit.map { $0 > ListPlaces.maximumShortRowCount } ?? true
    await withListPlace(isLong: isLong, for: connection, body)
  }

  private func withListPlace(
    for list: ListAnswer, of connection: ClientConnection, mayBeRefused: Bool = true,
    _ body: () async -> Void
  ) async {
    let isLong = list.count > ListPlaces.maximumShortRowCount
    await withListPlace(isLong: isLong, for: connection, mayBeRefused: mayBeRefused, body)
  }

  /// Makes a long answer as soon as few others are being made, unless the client is gone by then.
  ///
  /// - Parameter mayBeRefused: whether the client is told to come again while others have much to
  ///   read.
  private func withListPlace(
    isLong: Bool, for connection: ClientConnection, mayBeRefused: Bool = true,
    _ body: () async -> Void
  ) async {
    await listPlaces.enter(isLong: isLong)
    defer { listPlaces.leave(isLong: isLong) }
    if Task.isCancelled { return }
    let unreadByteCount = connections.values.reduce(0) { $0 + $1.backlogByteCount }
    guard !mayBeRefused || unreadByteCount < ListPlaces.maximumUnreadByteCount else {
      return connection.answer(
        HTTPAnswer(
          ControlRefusal(
            status: 503, code: "busy", "other clients have yet to read their answers")))
    }
    await body()
  }

  // MARK: Events, watches, health

  private func sendEvents(
    after sequence: Int, follows: Bool, to connection: ClientConnection
  ) async {
    let role = connection.peer.role
    let lines = ListAnswer(lines: api.events.events(after: sequence, for: role))
    let last = api.events.lastSequence
    await withListPlace(for: lines, of: connection) {
      await self.encode(lines) { body in
        let answer = HTTPAnswer(contentType: "application/x-ndjson", body: body)
        guard follows else { return connection.answer(answer) }
        connection.follow(answer)
        // Events recorded meanwhile went only to connections that followed already.
        for event in api.events.events(after: last, for: role) { connection.send(line(of: event)) }
      }
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
