internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine
internal import WebSocketProtocol

extension ControlLoop {
  /// The most bytes of answers that clients have yet to take while a further list is begun.
  private static let maximumUnreadByteCount = 96 << 20

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
          try accept(upgrade),
          to: .watching(
            Watch(role: peer.isRemote ? peer.role : nil, holder: peer.actor.holder)))
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
      await loop.send(await loop.api.answer(request, for: actor), to: connection)
    }
  }

  private func send(_ answer: ControlAnswer, to connection: ClientConnection) async {
    switch answer {
    case .sessions(let window, let place):
      // Looked at here, in the place: of many that asked at once, all might have had room then.
      if hasRoom(for: connection) {
        await encode(ListAnswer(window, run: engineRun)) { connection.answer(HTTPAnswer(body: $0)) }
      }
      place.leave()
    case .reply(let reply):
      guard let list = ListAnswer(reply) else { return connection.answer(HTTPAnswer(reply)) }
      // `.act` tells of something done, so it is sent however much others have yet to read.
      let isOfAct = if case .act = reply { true } else { false }
      await send(list, to: connection, mayBeRefused: !isOfAct)
    }
  }

  private func send(
    _ list: ListAnswer, to connection: ClientConnection, mayBeRefused: Bool = true,
    then: (([UInt8]) -> Void)? = nil
  ) async {
    guard let place = await api.lists.enter(rowCount: list.count) else { return }
    if !mayBeRefused || hasRoom(for: connection) {
      await encode(list, then: then ?? { connection.answer(HTTPAnswer(body: $0)) })
    }
    place.leave()
  }

  /// Whether another long answer may be made; if not, the client is told to come again, since
  /// others have much to read.
  private func hasRoom(for connection: ClientConnection) -> Bool {
    let unreadByteCount = connections.values.reduce(0) { $0 + $1.backlogByteCount }
    if unreadByteCount < Self.maximumUnreadByteCount { return true }
    connection.answer(
      HTTPAnswer(
        ControlRefusal(
          status: 503, code: "busy", "other clients have yet to read their answers")))
    return false
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
    case .sessions(let window, let place):
      defer { place.leave() }
      var list = window.frame(run: engineRun)
      let rows: Void? = await api.turns.finish { deadline in
        window.addRows(to: &list, until: deadline) ? () : nil
      }
      return rows == nil ? ControlAPI.abandoned.reply : .sessions(list)
    }
  }

  // MARK: Events, watches, health

  private func sendEvents(
    after sequence: Int, follows: Bool, to connection: ClientConnection
  ) async {
    let role = connection.peer.role
    let lines = ListAnswer(lines: api.events.events(after: sequence, for: role))
    let last = api.events.lastSequence
    await send(lines, to: connection) { body in
      let answer = HTTPAnswer(contentType: "application/x-ndjson", body: body)
      guard follows else { return connection.answer(answer) }
      connection.follow(answer)
      // Events recorded meanwhile went only to connections that followed already.
      for event in self.api.events.events(after: last, for: role) {
        connection.send(self.line(of: event))
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
