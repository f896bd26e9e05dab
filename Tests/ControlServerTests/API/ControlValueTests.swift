import ControlProtocol
import EventLoop
import TestSupport
import Testing
import Vocabulary
import WebSocketEngine

@testable import ControlServer

@Suite("The control API as a value", .limited, .timeLimit(.minutes(10)))
struct ControlValueTests {
  private static let unknown = SessionID(rawValue: 1 << 30)

  /// Requests whose replies tell nothing of the moment.
  private static let requests: [ControlRequest] = [
    .sessions(SessionQuery(filter: "route=/ws/none")),
    .sessions(SessionQuery(filter: "nonsense=1")),
    .sessions(SessionQuery(offset: -1)),
    .session(unknown), .sessionSecrets(unknown),
    .groups(GroupQuery(.rooms)),
    .traffic(TrafficQuery(route: "/nowhere")), .history(HistoryQuery()),
    .close(CloseRequest(sessions: [unknown], code: CloseCode(rawValue: 4000), reason: "bye")),
    .close(CloseRequest(sessions: [])),
    .close(CloseRequest(sessions: [unknown], code: CloseCode(rawValue: 1005))),
    .close(CloseRequest(sessions: [unknown], reason: String(repeating: "x", count: 124))),
    .close(CloseRequest(engine: "another", sessions: [unknown])),
    .close(CloseRequest(ActSelection(filter: "state=open"))),
    .close(CloseRequest(ActSelection(filter: "state=open", token: "made up"))),
    .close(CloseRequest(ActSelection(sessions: [unknown], rate: 1e9))),
    .close(CloseRequest(ActSelection(sessions: [unknown], dryRun: true))),
    .send(SendRequest(sessions: [unknown], text: "hello")),
    .send(SendRequest(sessions: [unknown])),
    .send(SendRequest(sessions: [unknown], binary: "no base64")),
    .acts, .act(7), .abort(7, AbortRequest()), .abort(7, AbortRequest(engine: "another")),
    .changeLimits(LimitChange(set: ["message-bytes": "many"])),
    .changeLimits(LimitChange(scope: .session(unknown), set: ["message-bytes": "1KiB"])),
    .changeLimits(LimitChange(scope: .route(UTF8Name("/nowhere")), set: ["rooms": "1"])),
    .keepLimits(LimitKeep()), .keepLimits(LimitKeep(keys: ["nonsense"])),
  ]

  private func reply(
    to request: ControlRequest, on client: HTTPPeer, headers: [String] = []
  ) throws -> ControlReply {
    let http = request.http
    let answer = try client.request(
      http.method.rawValue, http.target,
      http.body.isEmpty ? nil : String(decoding: http.body, as: UTF8.self), headers: headers)
    return try ControlReply(to: request, status: answer.status, body: answer.body)
  }

  @Test("A program, a client on the socket and one from elsewhere get the same replies")
  func alike() async throws {
    try await RemoteEngine.run { remote in
      _ = try remote.engine.sessions(2, "/ws/room/lobby")
      let (local, elsewhere) = (try remote.engine.client(), try remote.client())
      // Once they were measured twice, groups at rest have the same rates at any time: none.
      let isAtRest = try waitFor { () -> Bool? in
        guard case .groups(let list) = try reply(to: .groups(GroupQuery(.rooms)), on: local) else {
          return nil
        }
        return list.groups.first?.rates == GroupRow.Rates() ? true : nil
      }
      #expect(isAtRest == true)
      for request in Self.requests {
        let value = await remote.engine.control.answer(request, as: "billing")
        #expect(try reply(to: request, on: local) == value, "\(request)")
        let headers = RemoteEngine.showing(RemoteEngine.operate)
        #expect(try reply(to: request, on: elsewhere, headers: headers) == value, "\(request)")
      }
      let refused = await remote.engine.control.answer(
        .changeLimits(LimitChange(set: ["message-bytes": "many"])), as: "billing")
      #expect(refused.status == 400)
    }
  }

  @Test("A program acts: by name, by filter and with a pace, and the log has its name")
  func acts() async throws {
    try await TestEngine.run { engine in
      let sessions = try engine.sessions(60)
      guard
        case .sessions(let list) = await engine.control.answer(
          .sessions(SessionQuery()), as: "billing")
      else { throw Wrong() }
      #expect(Set(list.sessions.map(\.id)) == Set(sessions.map(\.id)))
      let first = sessions[0]
      let reply = await engine.control.answer(
        .close(CloseRequest(sessions: [first.id], code: CloseCode(rawValue: 4001))), as: "billing")
      #expect(
        reply
          == .act(
            ActResult(
              engine: engine.server.run, outcomes: [SessionOutcome(id: first.id, outcome: .done)])))
      #expect(try first.peer.receive() == .close(CloseCode(rawValue: 4001), ""))
      var selection = ActSelection(filter: "state=open", dryRun: true)
      guard
        case .preview(let preview) = await engine.control.answer(
          .close(CloseRequest(selection)), as: "billing")
      else { throw Wrong() }
      #expect(preview.count == 59)
      selection.dryRun = nil
      selection.token = preview.token
      selection.rate = 10_000
      selection.wait = true
      guard
        case .progress(let status) = await engine.control.answer(
          .close(CloseRequest(selection)), as: "billing")
      else { throw Wrong() }
      #expect(status.state == .finished && status.hitCount == 59)
      #expect(status.actor == "billing")
      let events = try engine.events(try engine.client()).filter { $0.kind == .act }
      #expect(events.map(\.actor) == ["billing", "billing", "billing"])
    }
  }

  @Test("Whoever waits for an act by value gets its end, aborted or stopped")
  func waiting() async throws {
    try await TestEngine.run { engine in
      let ids = try engine.sessions(3).map(\.id)
      let control = engine.control
      let slow = CloseRequest(ActSelection(sessions: ids, rate: 0.01, wait: true))
      for end in [true, false] {
        async let ended = control.answer(.close(slow), as: "billing")
        let client = try engine.client()
        let act = try #require(
          try waitFor {
            try client.get("/v1/acts").decode(ActList.self).acts.last {
              // Its first session has its turn at once.
              $0.state == .running && $0.leftCount == 2
            }
          })
        if end {
          let aborted = await control.answer(.abort(act.id, AbortRequest()), as: "somebody")
          guard case .progress(let status) = aborted else { throw Wrong() }
          #expect(status.state == .aborted)
        } else {
          control.stop()
        }
        guard case .progress(let status) = await ended else { throw Wrong() }
        #expect(status.state == .aborted && status.id == act.id)
        #expect(status.leftCount == 2)
      }
      #expect(await control.answer(.statistics, as: "billing").status == 503)
    }
  }

  @Test("A session that is named twice is hit once and told of twice, in whatever slices")
  func twice() async throws {
    try await TestEngine.run { engine in
      let (id, peer) = try engine.sessions(1)[0]
      let others = (1...2000).map { SessionID(rawValue: (1 << 30) + UInt64($0)) }
      let ids = [id] + others + [id]
      let reply = await engine.control.answer(
        .send(SendRequest(sessions: ids, text: "once")), as: "billing")
      guard case .act(let result) = reply else { throw Wrong() }
      #expect(result.outcomes.map(\.id) == ids)
      #expect(result.outcomes.first?.outcome == .done && result.outcomes.last?.outcome == .done)
      #expect(
        await engine.control.answer(.close(CloseRequest(sessions: [id])), as: "billing").status
          == 200)
      #expect(try peer.receive() == .text("once"))
      #expect(try peer.receive() == .close(.normalClosure, ""))
    }
  }

  @Test("An operator from elsewhere whose token is gone is told of the reload, then sent away")
  func reloaded() async throws {
    try await RemoteEngine.run { remote in
      let client = try remote.client()
      let headers = RemoteEngine.showing(RemoteEngine.operate)
      #expect(try client.request("GET", "/v1/stats", headers: headers).status == 200)
      try RemoteEngine.write("view vera \(RemoteEngine.view)\n", to: remote.certificates)
      let reply = try client.request("POST", "/v1/reload", headers: headers)
      #expect(reply.status == 200)
      #expect(client.stream.waitForEnd())
    }
  }

  @Test("Before the start nothing is answered")
  func notStarted() async throws {
    let server = try Server(ServerConfiguration(listeners: [], reactorCount: 1), routes: Router())
    let control = try ControlServer(
      server: server, name: "idle", version: "1", path: try ControlPath(socket: "/nowhere"),
      whenStopRequested: {})
    let reply = await control.answer(.statistics, as: "billing")
    guard case .refused(503, let error) = reply else { throw Wrong() }
    #expect(error.code == "not-running")
  }

  @Test("Clients that go away while their lists are made leave the places to others")
  func abandoned() async throws {
    try await TestEngine.run { engine in
      _ = try engine.sessions(60)
      for _ in 0..<30 {
        let client = try engine.client()
        for _ in 0..<3 { try client.send("GET", "/v1/sessions") }
      }
      let client = try engine.client()
      for _ in 0..<12 {
        #expect(try client.get("/v1/sessions").decode(SessionList.self).sessions.count == 60)
      }
    }
  }

  private struct Wrong: Error {}
}
