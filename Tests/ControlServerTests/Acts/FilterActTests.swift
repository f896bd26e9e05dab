import ControlProtocol
import Dispatch
import EventLoop
import Synchronization
import TestSupport
import Testing
import Vocabulary

@testable import ControlServer
@testable import WebSocketEngine

@Suite("POST /v1/close and /v1/send by filter", .limited, .timeLimit(.minutes(10)))
struct FilterActTests {
  private func preview(
    _ client: HTTPPeer, _ filter: String, _ verb: String = "close"
  ) throws -> ActPreview {
    let body = ControlJSON.encode(CloseRequest(ActSelection(filter: filter, dryRun: true)))
    return try client.post("/v1/\(verb)", String(decoding: body, as: UTF8.self)).decode()
  }

  private func post(
    _ client: HTTPPeer, close request: CloseRequest
  ) throws -> HTTPPeer.Reply {
    try client.post(
      "/v1/close", String(decoding: ControlJSON.encode(request), as: UTF8.self))
  }

  @Test("A dry run counts and shows a sample, and closes nobody")
  func dryRun() async throws {
    try await TestEngine.run { engine in
      let echo = try engine.sessions(2)
      _ = try engine.sessions(1, "/ws/room/lobby")
      let client = try engine.client()
      let found = try preview(client, "route=/ws/echo")
      #expect(found.count == 2)
      #expect(found.total == 3)
      #expect(Set(found.sample.map(\.id)) == Set(echo.map(\.id)))
      #expect(found.token?.count == 32)
      #expect(found.expiresInSeconds == 600)
      #expect(try preview(client, "route=/nowhere").count == 0)
      #expect(try preview(client, "room=lobby").count == 1)
      let named = CloseRequest(
        ActSelection(sessions: [echo[0].id, SessionID(rawValue: 1 << 30)], dryRun: true))
      let byName: ActPreview = try post(client, close: named).decode()
      #expect(byName.count == 1)
      #expect(byName.token == nil)
      let list = try client.get("/v1/sessions").decode(SessionList.self)
      #expect(list.total == 3)
      #expect(try engine.events(client).allSatisfy { $0.kind == .engine })
    }
  }

  @Test("What a console shows of rooms does not decide whom a filter of rooms hits")
  func roomsWhileShown() async throws {
    // With one reactor the first to be opened is the first of the table.
    try await TestEngine.run(reactorCount: 1) { engine in
      _ = try engine.sessions(3, "/ws/room/lobby")
      _ = try engine.sessions(1)
      var shown = SessionQuery(limit: 1)
      shown.wantsRooms = true
      let watch = try WebSocketPeer(
        watching: engine.path, WatchRequest(sessions: shown, intervalMilliseconds: 50))
      _ = try watch.snapshot { $0.sessions?.sessions.first?.rooms == ["lobby"] }
      let client = try engine.client()
      #expect(try preview(client, "!room=lobby").count == 1)
      #expect(try preview(client, "room=lobby").count == 3)
      _ = try watch.snapshot()
      #expect(try preview(client, "!room=lobby").count == 1)
    }
  }

  @Test("An act by rooms waits for a reactor with a full mailbox, and hits none but those meant")
  func busyReactor() async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      _ = try engine.sessions(2, "/ws/room/lobby")
      let client = try engine.client()
      #expect(try preview(client, "route=/ws/room/*").count == 2)
      let handle = engine.server.reactors[0]
      let isBusy = Mutex(false)
      let gate = DispatchSemaphore(value: 0)
      handle.post { _ in
        isBusy.withLock { $0 = true }
        gate.wait()
      }
      defer { gate.signal() }
      try #require(try waitFor { isBusy.withLock { $0 } ? true : nil } ?? false)
      while handle.post({ _ in }) {}
      let request = CloseRequest(ActSelection(filter: "!room=lobby", dryRun: true))
      try client.send(
        "POST", "/v1/close", String(decoding: ControlJSON.encode(request), as: UTF8.self))
      // It is under way when others are answered that came behind it.
      for _ in 0..<3 { #expect(try engine.client().get("/v1/closes").status == 200) }
      gate.signal()
      #expect(try client.reply().decode(ActPreview.self).count == 0)
    }
  }

  @Test("An act by tags hits those who have them, or have not, and none while nobody has any")
  func tags() async throws {
    try await TestEngine.run { engine in
      let plain = try engine.sessions(2)
      let client = try engine.client()
      for filter in ["tag!=vip", "tag=vip", "tls !tag~vip"] {
        for isDryRun in [true, false] {
          let request = CloseRequest(
            ActSelection(filter: filter, dryRun: isDryRun, token: isDryRun ? nil : "x"))
          let reply = try post(client, close: request)
          #expect(reply.status == 409 && reply.errorCode == "no-tags")
          #expect(reply.text.contains("no session has a tag"))
        }
      }
      let send = try client.post("/v1/send", #"{"filter":"tag!=vip","dryRun":true}"#)
      #expect(send.errorCode == "no-tags")
      let vip = try engine.sessions(1, "/ws/tag/vip")
      let olga = try engine.sessions(1, "/ws/tag/user?value=olga")
      _ = try waitFor {
        let counts = try? ["tag=vip", "tag=user:olga"].map { try preview(client, $0).count }
        return counts == [1, 1] ? true : nil
      }
      #expect(try preview(client, "tag!=vip").count == 3)
      #expect(try preview(client, "tag=user:olga").sample.map(\.tags) == [["user:olga"]])
      let found = try preview(client, "tag!=vip")
      let status: ActStatus = try post(
        client, close: CloseRequest(ActSelection(filter: "tag!=vip", token: found.token))
      ).decode()
      #expect(status.delivered == 3)
      for session in plain + olga {
        #expect(try session.peer.receive() == .close(.normalClosure, ""))
      }
      #expect(try client.get("/v1/sessions/\(vip[0].id)").status == 200)
      // An act is over when close frames are on their way.
      let closed = try waitFor { () -> String? in
        let text = try client.get("/v1/closed").text
        return text.contains("\"user:olga\"") ? text : nil
      }
      #expect(closed != nil)
      // One that is named is told with its tags.
      let named = CloseRequest(ActSelection(sessions: [vip[0].id]))
      #expect(try post(client, close: named).status == 200)
      let event = try #require(try engine.events(client).last { $0.kind == .act })
      #expect(event.message == "closed \(vip[0].id) with 1000, tagged vip")
      #expect(try post(client, close: named).status == 200)
      let details: SessionDetails = try client.get("/v1/sessions/\(vip[0].id)").decode()
      #expect(details.row.tags == ["vip"])
    }
  }

  @Test("Who joins a room or gets a tag right before its turn is looked at by its reactor")
  func changedMeanwhile() async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let tagged = try engine.sessions(3, "/ws/tag/user?value=sam")
      let filter = try SessionFilter("tag=user:sam room!=lobby")
      let handle = engine.server.reactors[0]
      let (first, second) = (tagged[0].id, tagged[1].id)
      try tagged[2].peer.send("tag olga")
      #expect(try tagged[2].peer.receive() == .text("tag olga"))
      _ = await handle.run { reactor in
        try? reactor.sessions[first]?.join("lobby")
        try? reactor.sessions[second]?.join("garden")
      }
      let sessionAct = SessionAct.close(CloseRequest(ActSelection(filter: filter.description)))
      let act = OperatorAct(by: "olga", number: 1)
      let outcomes = await sessionAct.perform(
        on: engine.server, tagged.map(\.id), matching: filter, as: act)
      #expect(outcomes == [.notMeant, .done, .notMeant])
      #expect(
        await sessionAct.perform(
          on: engine.server, [first], matching: try SessionFilter("tls"), as: act)
          == [.done], "what handlers do not change was looked at before")
    }
  }

  @Test("An act by what only closed sessions have is refused, whichever way it is said")
  func keysOfClosed() async throws {
    try await TestEngine.run { engine in
      _ = try engine.sessions(1)
      let client = try engine.client()
      for filter in ["code!=1000", "code=1000", "!who=peer", "!closed>1h"] {
        let reply = try post(
          client, close: CloseRequest(ActSelection(filter: filter, dryRun: true)))
        #expect(reply.status == 400 && reply.text.contains("is of sessions that are closed"))
      }
    }
  }

  @Test("The sessions that match are closed, and no other; the answer counts them")
  func close() async throws {
    try await TestEngine.run { engine in
      let echo = try engine.sessions(3)
      let others = try engine.sessions(1, "/ws/room/lobby")
      let client = try engine.client()
      let found = try preview(client, "route=/ws/echo")
      let reply = try post(
        client,
        close: CloseRequest(
          ActSelection(engine: engine.server.run, filter: " route=/ws/echo ", token: found.token),
          code: .serviceRestart, reason: "new version"))
      let status: ActStatus = try reply.decode()
      #expect(status.state == .finished)
      #expect(status.count == 3)
      #expect(status.previewed == 3)
      #expect(status.delivered == 3)
      #expect(status.failed.total == 0)
      for (_, peer) in echo {
        #expect(try peer.receive() == .close(.serviceRestart, "new version"))
      }
      #expect(try client.get("/v1/sessions/\(others[0].id)").status == 200)
      let event = try #require(try engine.events(client).last { $0.kind == .act })
      #expect(
        event.message
          == "act 1: closed 3 of 3 sessions that match  route=/ws/echo  with 1012 \"new version\"")
      #expect(
        event.command
          == "wstop close --control \(engine.path.socket) --filter \" route=/ws/echo \" "
          + "--code 1012 --reason \"new version\"")
      let ends = try #require(
        try waitFor {
          let list = try client.get("/v1/sessions?show=closed").decode(SessionList.self)
          return list.total == 3 ? list.sessions.compactMap(\.ending) : nil
        })
      #expect(ends.allSatisfy { $0.act == 1 && $0.actor?.isEmpty == false })
      #expect(ends.allSatisfy { $0.byWhom.hasSuffix(" (act 1)") })
      #expect(try client.get("/v1/acts/1").decode(ActStatus.self) == status)
      #expect(try client.get("/v1/acts").decode(ActList.self).acts == [status])
    }
  }

  @Test("A message goes to those that match, framed once for all")
  func send() async throws {
    try await TestEngine.run { engine in
      let sessions = try engine.sessions(4)
      let client = try engine.client()
      let token = try #require(try preview(client, "route=/ws/echo", "send").token)
      let text = String(repeating: "é", count: 30_000)
      let status: ActStatus = try client.post(
        "/v1/send", #"{"filter":"route=/ws/echo","token":"\#(token)","text":"\#(text)"}"#
      ).decode()
      #expect(status.kind == .send)
      #expect(status.hitCount == 4)
      for (_, peer) in sessions { #expect(try peer.receive() == .text(text)) }
    }
  }

  @Test("A token is for one act, one filter, one kind, one time")
  func tokens() async throws {
    try await TestEngine.run { engine in
      _ = try engine.sessions(1)
      let client = try engine.client()
      func attempt(_ filter: String, _ token: String?) throws -> String? {
        try post(client, close: CloseRequest(ActSelection(filter: filter, token: token))).errorCode
      }
      #expect(try attempt("route=/ws/echo", nil) == "preview-required")
      #expect(try attempt("route=/ws/echo", "nonsense") == "invalid-token")
      let sending = try preview(client, "route=/ws/echo", "send")
      #expect(try attempt("route=/ws/echo", sending.token) == "invalid-token")
      let found = try preview(client, "route=/ws/echo")
      #expect(try attempt("state=open", found.token) == "invalid-token")
      #expect(try client.get("/v1/sessions").decode(SessionList.self).total == 1)
      #expect(try attempt("route=/ws/echo", found.token) == nil)
      #expect(try attempt("route=/ws/echo", found.token) == "invalid-token")
    }
  }

  @Test("Sessions that came after the dry run are hit too, and the answer says what it had counted")
  func changedSet() async throws {
    try await TestEngine.run { engine in
      let first = try engine.sessions(2)
      let client = try engine.client()
      let found = try preview(client, "route=/ws/echo")
      try first[0].peer.close(.normalClosure)
      _ = try waitFor {
        try client.get("/v1/sessions").decode(SessionList.self).total == 1 ? () : nil
      }
      _ = try engine.sessions(4)
      let status: ActStatus = try post(
        client, close: CloseRequest(ActSelection(filter: "route=/ws/echo", token: found.token))
      ).decode()
      #expect(status.previewed == 2)
      #expect(status.count == 5)
      #expect(status.delivered == 5)
      #expect(
        try engine.events(client).last?.message.hasSuffix("; the dry run had counted 2") == true)
    }
  }

  @Test(
    "Acts that cannot be are refused before anything is done",
    arguments: [
      (#"{"filter":"","dryRun":true}"#, "invalid-filter"),
      (#"{"filter":"  ","dryRun":true}"#, "invalid-filter"),
      (#"{"filter":"colour=red","dryRun":true}"#, "invalid-filter"),
      (#"{"filter":"tls","sessions":["s-1"],"dryRun":true}"#, "invalid-sessions"),
      (#"{"filter":"tls","dryRun":true,"rate":0}"#, "invalid-rate"),
      (#"{"filter":"tls","dryRun":true,"rate":1e9}"#, "invalid-rate"),
      (#"{"filter":"tls","dryRun":true,"rate":5,"jitter":1.5}"#, "invalid-rate"),
      (#"{"filter":"tls","dryRun":true,"jitter":0.5}"#, "invalid-rate"),
      (#"{"filter":"tls","dryRun":true,"code":1005}"#, "invalid-close-code"),
      (#"{"filter":"tls","dryRun":true,"engine":"other"}"#, "other-engine"),
    ])
  func refusals(body: String, code: String) async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let client = try engine.client()
      #expect(try client.post("/v1/close", body).errorCode == code)
      #expect(try engine.events(client).allSatisfy { $0.kind == .engine })
    }
  }

  @Test("A filter's fault is told with its column")
  func column() async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let reply = try engine.client().post("/v1/close", #"{"filter":"tls idle>5","dryRun":true}"#)
      #expect(try reply.decode(ControlError.self).error.column == 10)
    }
  }

  @Test("An act never reaches the connections of the control API, however wide its filter is")
  func ownConnections() async throws {
    try await TestEngine.run { engine in
      let sessions = try engine.sessions(2)
      let watch = try WebSocketPeer(
        watching: engine.path, WatchRequest(intervalMilliseconds: 50, wantsActs: true))
      let other = try engine.client()
      let client = try engine.client()
      // Whatever a control connection might be taken for: `id=*` means all that there is.
      let found = try preview(client, "id=*")
      #expect(found.total == 2)
      let status: ActStatus = try post(
        client, close: CloseRequest(ActSelection(filter: "id=*", token: found.token))
      ).decode()
      #expect(status.count == 2)
      for (_, peer) in sessions { #expect(try peer.receive() == .close(.normalClosure, "")) }
      let snapshot = try watch.snapshot { $0.acts?.contains { $0.state == .finished } ?? false }
      #expect(snapshot.acts == [status])
      #expect(try other.get("/v1/stats").status == 200)
      #expect(try client.get("/v1/stats").status == 200)
      // Names that no session has, among them those that a control connection's number would make.
      let names = (0..<64).map { "\"\(SessionID(rawValue: UInt64($0)))\"" }
      _ = try client.post("/v1/close", "{\"sessions\":[\(names.joined(separator: ","))]}")
      _ = try watch.snapshot()
      #expect(try other.get("/v1/stats").status == 200)
    }
  }

  @Test("The name of a session that has gone never hits the one that took its place")
  func noReuse() async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let client = try engine.client()
      var seen: Set<SessionID> = []
      for _ in 0..<20 {
        let (id, peer) = try engine.sessions(1)[0]
        #expect(seen.insert(id).inserted)
        for old in seen where old != id {
          let result: ActResult = try client.post("/v1/sessions/\(old)/close", "").decode()
          #expect(result.outcomes.map(\.outcome) == [.noSuchSession])
        }
        #expect(try client.get("/v1/sessions/\(id)").status == 200)
        try peer.close(.normalClosure)
        _ = try waitFor {
          try client.get("/v1/sessions").decode(SessionList.self).total == 0 ? () : nil
        }
      }
      #expect(seen.count == 20)
    }
  }
}
