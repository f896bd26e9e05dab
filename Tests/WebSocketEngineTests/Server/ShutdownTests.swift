import EventLoop
import Glibc
import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

@Suite("Starting and stopping a server", .timeLimit(.minutes(10)))
struct ShutdownTests {
  @Test("Every client gets 1001 (B13), and the books are right", arguments: [1, 2])
  func goingAway(_ reactors: Int) async throws {
    try await withServer(reactors: reactors) { fixture in
      var clients: [TestClient] = []
      for number in 0..<20 {
        clients.append(try await fixture.session(number % 2 == 0 ? "/echo" : "/echo-async"))
      }
      async let shutDown: Void = fixture.server.shutDown(timeout: .seconds(10))
      for client in clients {
        #expect(try await client.next() == .close(1001, ""))
        try await client.sendClose(.goingAway)
        #expect(try await client.next() == .endOfStream)
      }
      await shutDown
      #expect(fixture.closes(1001, by: .shutdown) == 20)
    }
  }

  @Test("A session whose handshake was answered a moment ago gets its 1001 too (B13)")
  func justOpened() async throws {
    for _ in 0..<20 {
      try await withServer { fixture in
        let client = try await fixture.session()
        async let shutDown: Void = fixture.server.shutDown(timeout: .seconds(10))
        #expect(try await client.next() == .close(1001, ""))
        try await client.sendClose(.goingAway)
        client.close()
        await shutDown
      }
    }
  }

  @Test("One that does not answer is cut off at the deadline")
  func deadline() async throws {
    try await withServer(["close-timeout=10m"], shutdownTimeout: .milliseconds(200)) { fixture in
      let client = try await fixture.session()
      await fixture.server.shutDown(timeout: .milliseconds(200))
      #expect(try await client.next() == .close(1001, ""))
      #expect(try await client.next() == .endOfStream)
    }
  }

  @Test("Handshakes that are under way end with the server")
  func unfinishedHandshakes() async throws {
    let gate = Recorder<Void>()
    try await withServer { router in
      try router.webSocket("/slow") { socket in
        try await eventually("the gate") { gate.count > 0 }
        try await socket.accept()
      }
    } _: { fixture in
      let silent = try await fixture.client()
      let deciding = try await fixture.client()
      try await deciding.send(raw: TestClient.handshake("/slow").request)
      try await eventually("both") { fixture.count(.openingNow) == 2 }
      await fixture.server.shutDown(timeout: .seconds(1))
      #expect(try await silent.next(timeout: .seconds(5)) == .endOfStream)
      _ = try await deciding.readToEnd()
      gate.note(())
    }
  }

  @Test("While the server drains, a handshake gets 503, also one that was being decided")
  func draining() async throws {
    let gate = Recorder<Void>()
    try await withServer { router in
      try router.webSocket("/slow") { socket in
        try await eventually("the gate") { gate.count > 0 }
        try await socket.accept()
      }
    } _: { fixture in
      let holder = try await fixture.session()
      let early = try await fixture.client()
      let deciding = try await fixture.client()
      try await deciding.send(raw: TestClient.handshake("/slow").request)
      try await eventually("both") { fixture.count(.openingNow) == 2 }
      async let shutDown: Void = fixture.server.shutDown(timeout: .seconds(20))
      #expect(try await holder.next() == .close(1001, ""))
      #expect(try await early.exchange(TestClient.handshake("/echo").request).status == 503)
      gate.note(())
      #expect(try await deciding.response().status == 503)
      #expect(fixture.refusals("draining", status: 503) == 2)
      await #expect(throws: SystemError.self) { _ = try await fixture.client() }
      try await holder.sendClose(.goingAway)
      await shutDown
    }
  }

  @Test("A port that is taken is an error, never shared silently", arguments: [1, 2])
  func occupied(_ reactors: Int) async throws {
    try await withServer(reactors: reactors) { fixture in
      let second = try Server(
        ServerConfiguration(
          listeners: [.internet(host: "127.0.0.1", port: fixture.port)], reactorCount: reactors),
        routes: Router())
      let error = #expect(throws: SystemError.self) { try second.start() }
      #expect(error?.isAddressInUse == true)
      try await fixture.expectAlive()
    }
  }

  @Test("A Unix listener serves with several reactors, and its file goes with it")
  func unix() async throws {
    let path = "/tmp/wstop-test-\(getpid())-\(UInt32.random(in: 0...(.max))).sock"
    try await withServer(reactors: 3, listeners: ["unix:\(path)"]) { fixture in
      for _ in 0..<12 {
        let client = TestClient(connected: try Socket.connect(to: .unix(path: path)))
        try await client.open("/echo")
        try await client.send("over a path")
        #expect(try await client.next() == .text("over a path"))
        client.close()
      }
      let second = try Server(
        ServerConfiguration(listeners: [.unix(path: path)]), routes: Router())
      #expect(throws: ConfigurationError.addressInUse("unix:\(path)")) { try second.start() }
      #expect(access(path, F_OK) == 0)
    }
    #expect(access(path, F_OK) != 0)
  }

  @Test("A stale socket file is no obstacle")
  func staleFile() async throws {
    let path = "/tmp/wstop-test-\(getpid())-\(UInt32.random(in: 0...(.max))).sock"
    Syscalls.close(try Socket.listen(on: .unix(path: path), sharesPort: false).descriptor)
    try await withServer(listeners: ["unix:\(path)"]) { _ in }
  }
}

@Suite("Statistics over real sockets", .timeLimit(.minutes(10)))
struct ServerStatisticsTests {
  @Test("Each session is in the journal once when it opens and once when it is gone")
  func journal() async throws {
    try await withServer { fixture in
      let share = fixture.server.reactors[0]
      share.journal.observe()
      for target in ["/echo", "/echo-async"] {
        let client = try await fixture.session(target)
        try await client.send("12345")
        _ = try await client.next()
        try await client.sendClose(CloseCode(rawValue: 4001), "why")
        _ = try await client.readToEnd()
      }
      try await fixture.becomesEmpty()
      var opened: [SessionID] = []
      var closed: [SessionID] = []
      for entry in share.journal.takeAll().entries {
        switch entry {
        case .opened(let profile):
          #expect(profile.request.remoteAddress == "127.0.0.1")
          opened.append(profile.id)
        case .closed(let session):
          #expect(session.close.code == CloseCode(rawValue: 4001))
          #expect(session.close.reason == "why")
          #expect(session.sample?.messagesIn == 1)
          #expect(session.sample?.bytesOut == 5)
          #expect(session.sample?.backlog == 0)
          closed.append(session.id)
        }
      }
      #expect(opened.count == 2)
      #expect(opened == closed)
    }
  }

  @Test("The live count is true, and so are the engine's totals and sizes (B12)")
  func totals() async throws {
    try await withServer(reactors: 2) { fixture in
      var clients: [TestClient] = []
      for _ in 0..<30 { clients.append(try await fixture.session()) }
      #expect(fixture.server.openSessionCount == 30)
      #expect(fixture.server.reactors.allSatisfy { $0.counters[.openNow] > 0 }, "sessions spread")
      for client in clients {
        try await client.send(pattern(100))
        _ = try await client.next()
      }
      #expect(fixture.count(.messagesIn) == 30)
      #expect(fixture.count(.bytesIn) == 3000)
      try await eventually("published") { fixture.count(.messagesOut) == 30 }
      #expect(fixture.count(.bytesOut) == 3000)
      #expect(fixture.count(.wireIn) == 30 * 106)
      #expect(fixture.count(.wireOut) == 30 * 102)
      let route = try #require(fixture.server.routePatterns.firstIndex(of: "/echo"))
      let sizes = fixture.server.reactors.map { $0.sizesIn[route].snapshot().reduce(0, +) }
      #expect(sizes.reduce(0, +) == 30)
      #expect(fixture.samples.allSatisfy { $0.messagesIn == 1 && $0.messagesOut == 1 })
      clients.removeAll()
      try await fixture.becomesEmpty()
      #expect(fixture.samples.isEmpty)
      #expect(fixture.server.admission.sessionCount == 0)
    }
  }

  @Test("A handler that blocks its reactor is counted")
  func slowTurn() async throws {
    try await withServer { router in
      try router.route("/block") { _ in
        ClosureHandler { _, _, session in
          usleep(150_000)
          try session.send("done")
        }
      }
    } _: { fixture in
      let client = try await fixture.session("/block")
      try await client.send("go")
      #expect(try await client.next() == .text("done"))
      try await eventually("a slow turn") { fixture.count(.slowTurns) == 1 }
    }
  }

  @Test("Sessions that are open and idle cost no turns")
  func idle() async throws {
    try await withServer { fixture in
      let client = try await fixture.session()
      let silent = try await fixture.client()
      try await eventually("both") { fixture.count(.openingNow) == 1 }
      let before = fixture.count(.turns)
      try await Task.sleep(for: .milliseconds(500))
      #expect(fixture.count(.turns) - before < 5)
      client.close()
      silent.close()
    }
  }

  @Test("Middleware runs in order, engine, group, route; it attaches, answers and rejects")
  func middleware() async throws {
    try await withServer { router in
      router.use(Step(name: "engine"))
      try router.group("/g", middleware: [Step(name: "group")]) { group throws(RouteError) in
        try group.webSocket("/x", middleware: [Step(name: "route")]) { socket in
          try await socket.accept()
          try await socket.send(socket.request[Trail.self] ?? "")
        }
      }
    } _: { fixture in
      let client = try await fixture.client()
      let (head, _) = try await client.open("/g/x")
      #expect(head.headers.values(of: "X-Step") == ["engine", "group", "route"])
      #expect(try await client.next() == .text("engine group route"))
      let refused = try await fixture.client().exchange(
        TestClient.handshake("/g/x", headers: [("X-Refuse", "group")]).request)
      #expect(refused.status == 401)
      #expect(refused.body == "group says no\n")
    }
  }

  enum Trail: RequestKey { typealias Value = String }

  struct Step: HandshakeMiddleware {
    var name: String

    func handshake(_ request: inout Request) throws {
      if request.headers["X-Refuse"] == name {
        throw HandshakeRejection(.unauthorized, body: "\(name) says no")
      }
      request[Trail.self] = request[Trail.self].map { "\($0) \(name)" } ?? name
      _ = request.responseHeaders.append(name: "X-Step", value: name)
    }
  }
}
