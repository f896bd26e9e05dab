import ControlProtocol
import ControlServer
import Glibc
import History
import TestSupport
import Testing
import Vocabulary
import WebSocketEngine

@Suite("GET /v1/history", .limited, .timeLimit(.minutes(10)))
struct HistoryEndpointTests {
  private func page(_ client: HTTPPeer, _ query: String = "") throws -> HistoryPage {
    try client.get("/v1/history\(query)").decode()
  }

  @Test("Closed sessions, acts and changes of limits, the newest first, with who and how")
  func entries() async throws {
    let archive = try HistoryArchive(HistorySettings(path: nil))
    try await TestEngine.run(history: archive) { engine in
      let client = try engine.client()
      let first = try engine.sessions(1, "/ws/room/lobby?x=1")[0]
      try first.peer.send("12345")
      _ = try first.peer.receive()
      try first.peer.close(CloseCode(rawValue: 4001))
      let second = try engine.sessions(1)[0]
      #expect(
        try client.post("/v1/sessions/\(second.id)/close", #"{"code":4002,"reason":"=1"}"#).status
          == 200)
      #expect(
        try client.request("PATCH", "/v1/limits", #"{"set":{"message-bytes":"64KiB"}}"#).status
          == 200)
      let whole = try #require(
        try waitFor {
          let page = try page(client)
          return page.entries.count { $0.kind == .session } == 2 ? page : nil
        })
      #expect(whole.engine == engine.server.run && whole.store == .memory && whole.next == nil)
      #expect(whole.entries.map(\.at) == whole.entries.map(\.at).sorted(by: >))
      #expect(whole.entries.allSatisfy { $0.run == engine.server.run })
      let kinds = Set(whole.entries.map(\.kind))
      #expect(kinds.isSuperset(of: [.session, .act, .limit, .engine]))
      let closed = try #require(whole.entries.first { $0.session?.id == first.id })
      #expect(closed.session?.ending?.code.rawValue == 4001)
      #expect(closed.session?.ending?.by == .peer && closed.session?.messagesIn == 1)
      #expect(closed.query == "x=1" && closed.session?.path == "/ws/room/lobby")
      let act = try #require(whole.entries.first { $0.kind == .act })
      #expect(act.command?.contains("wstop close") == true && act.actor?.contains("uid ") == true)

      let filtered = try page(client, "?filter=who%3Doperator+code%3D4002")
      #expect(filtered.entries.map { $0.session?.id } == [second.id])
      #expect(try page(client, "?kind=act,limit").entries.map(\.kind) == [.limit, .act])
      #expect(try page(client, "?until=1000").entries.isEmpty)
      // A slow machine is a problem, which may be told meanwhile.
      let kept = "kind=session,act,limit,engine"
      let newest = try page(client, "?limit=1&since=1000&\(kept)")
      let cursor = try #require(newest.next)
      let rest = try page(client, "?cursor=\(cursor)&\(kept)")
      #expect(newest.entries + rest.entries == whole.entries.filter { $0.kind != .problem })

      let statistics = try client.get("/v1/stats").decode(EngineStatistics.self)
      #expect(statistics.history?.stored ?? 0 >= 5)
      #expect(statistics.history?.store == .memory && statistics.history?.problem == nil)
    }
    archive.stop()
  }

  @Test(
    "What is no question is refused",
    arguments: [
      ("filter=idle>5", "invalid-filter"), ("kind=act,x", "invalid-query"),
      ("since=yesterday", "invalid-query"), ("until=inf", "invalid-query"),
      ("limit=0", "invalid-query"), ("limit=501", "invalid-query"), ("limit=x", "invalid-query"),
      ("cursor=1", "invalid-query"), ("cursor=nan-1", "invalid-query"),
    ])
  func badQuery(query: String, code: String) async throws {
    let archive = try HistoryArchive(HistorySettings(path: nil))
    try await TestEngine.run(reactorCount: 1, history: archive) { engine in
      let reply = try engine.client().get("/v1/history?\(query)")
      #expect(reply.status == 400 && reply.errorCode == code)
    }
    archive.stop()
  }

  @Test("An engine without a history says so")
  func none() async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let client = try engine.client()
      let reply = try client.get("/v1/history")
      #expect(reply.status == 404 && reply.errorCode == "no-history")
      #expect(try client.get("/v1/stats").decode(EngineStatistics.self).history == nil)
    }
  }

  @Test("A file that cannot be used is an event and a counter, and sessions go on")
  func unusableFile() async throws {
    let archive = try HistoryArchive(
      HistorySettings(path: "/tmp/wstop-history-\(getpid())-missing/x"))
    try await TestEngine.run(reactorCount: 1, history: archive) { engine in
      let client = try engine.client()
      let event = try #require(
        try waitFor { try engine.events(client).first { $0.kind == .problem } })
      #expect(event.message.contains("the history is kept in memory"))
      let peer = try engine.session()
      try peer.send("still there")
      #expect(try peer.receive() == .text("still there"))
      let history = try #require(
        try client.get("/v1/stats").decode(EngineStatistics.self).history)
      #expect(history.failures >= 1 && history.store == .memory && history.lost == 0)
      #expect(history.problem?.isEmpty == false)
      #expect(try page(client).entries.contains { $0.kind == .problem })
    }
    archive.stop()
  }
}

@Suite("GET /v1/closes", .limited, .timeLimit(.minutes(10)))
struct ClosesEndpointTests {
  @Test("The total and the last minute, ten minutes and hour")
  func table() async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let client = try engine.client()
      let session = try engine.sessions(1)[0]
      try session.peer.close(CloseCode(rawValue: 4001))
      let table = try #require(
        try waitFor {
          let table = try client.get("/v1/closes").decode(CloseTable.self)
          return table.total.isEmpty ? nil : table
        })
      let wanted = [CloseCount(code: CloseCode(rawValue: 4001), by: .peer, count: 1)]
      #expect(table.engine == engine.server.run && table.total == wanted)
      #expect(table.intervals.map(\.seconds) == [60, 600, 3600])
      #expect(table.intervals.allSatisfy { $0.closes == wanted })
    }
  }

  @Test("GET /v1/sessions shows closed sessions where asked")
  func closedSessions() async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let client = try engine.client()
      let sessions = try engine.sessions(2)
      try sessions[0].peer.close(CloseCode(rawValue: 4001))
      func ids(_ query: String) throws -> [SessionID] {
        try client.get("/v1/sessions?\(query)").decode(SessionList.self).sessions.map(\.id)
      }
      #expect(try waitFor { try ids("").count == 1 ? true : nil } == true)
      #expect(try ids("show=closed") == [sessions[0].id])
      #expect(try ids("show=all&sort=id") == sessions.map(\.id))
      #expect(try ids("show=all&filter=code%3D4001") == [sessions[0].id])
      #expect(try client.get("/v1/sessions?show=dead").status == 400)
    }
  }
}
