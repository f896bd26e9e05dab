import EventLoop
import Glibc
import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

@Suite("Statistics over real sockets", .limited, .timeLimit(.minutes(10)))
struct ServerStatisticsTests {
  @Test("Each session is in the journal once when it opens and once when it is gone")
  func journal() async throws {
    try await withServer { fixture in
      let handle = fixture.server.reactors[0]
      handle.journal.observe()
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
      for entry in handle.journal.takeAll().entries {
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
        case .tagged(let id, _, _): Issue.record("nobody tagged \(id)")
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
      try await eventually("all of them, not \(fixture.server.openSessionCount)") {
        fixture.server.openSessionCount == 30
      }
      #expect(fixture.server.reactors.allSatisfy { $0.counters[.openNow] > 0 }, "sessions spread")
      for client in clients {
        try await client.send(pattern(100))
        _ = try await client.next()
      }
      #expect(await fixture.count(.messagesIn) == 30)
      #expect(await fixture.count(.messagesOut) == 30)
      #expect(await fixture.count(.bytesIn) == 3000)
      #expect(await fixture.count(.bytesOut) == 3000)
      if !TLSEverywhere.isOn {
        #expect(await fixture.count(.wireIn) == 30 * 106)
        #expect(await fixture.count(.wireOut) == 30 * 102)
      }
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

  @Test("A handler that blocks its reactor is counted, and told with its route")
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
      // On a loaded machine other turns may take long as well.
      try await eventually("a slow turn") { await fixture.count(.slowTurns) >= 1 }
      #expect(fixture.server.notices.takeAll().contains(.slowHandler(route: "/block")))
    }
  }

  @Test("Sessions that are open and idle cost no turns")
  func idle() async throws {
    try await withServer(["ping-interval=500ms", "handshake-timeout=10m"]) { fixture in
      let client = try await fixture.session()
      let silent = try await fixture.client()
      try await eventually("both") { await fixture.count(.openingNow) == 1 }
      let before = await fixture.count(.turns)
      // Nothing happens until the ping comes.
      guard case .ping = try await client.next() else {
        Issue.record("no ping")
        return
      }
      #expect(await fixture.count(.turns) - before < 5)
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
