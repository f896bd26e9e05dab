import ControlProtocol
import EventLoop
import TestSupport
import Testing
import Vocabulary
import WebSocketEngine

@Suite("GET /v1/sessions", .limited, .timeLimit(.minutes(10)))
struct SessionsEndpointTests {
  @Test("A session's row tells what it was opened with and what it did")
  func row() async throws {
    try await TestEngine.run { engine in
      let peer = try engine.session("/ws/room/a%2Fb?x=1", headers: [("User-Agent", "tester/1")])
      try peer.send("12345")
      #expect(try peer.receive() == .text("12345"))
      let client = try engine.client()
      // What a session did is counted at the end of its turn, after the peer has the answer.
      let list = try #require(
        try waitFor {
          let list = try client.get("/v1/sessions").decode(SessionList.self)
          let row = list.sessions.first
          return row?.wireBytesOut == 7 && row?.largestIn == 5 ? list : nil
        })
      #expect(list.engine == engine.server.run)
      #expect(list.total == 1)
      let row = try #require(list.sessions.first)
      #expect(row.route == "/ws/room/{room}")
      #expect(row.path == "/ws/room/a%2Fb")
      #expect(row.address == "127.0.0.1")
      #expect(row.port > 0)
      #expect(row.state == .open)
      #expect(row.userAgent == "tester/1")
      #expect(row.messagesIn == 1 && row.bytesIn == 5 && row.largestIn == 5)
      #expect(row.messagesOut == 1 && row.bytesOut == 5)
      #expect(row.wireBytesIn == 11)
      #expect(row.idleSeconds >= 0 && row.idleSeconds < 60)

      let details = try client.get("/v1/sessions/\(row.id)").decode(SessionDetails.self)
      #expect(details.engine == engine.server.run)
      #expect(details.query == "x=1")
      #expect(details.rooms == ["a/b"])
      #expect(details.headers.contains(.init(name: "User-Agent", value: "tester/1")))
      #expect(details.limits.contains { $0.key == .messageBytes && $0.source == .default })
      #expect(details.listener == engine.server.addresses[0].description)
    }
  }

  @Test("Filter, order and window")
  func window() async throws {
    try await TestEngine.run { engine in
      let sessions = try engine.sessions(4)
      let other = try engine.sessions(1, "/ws/room/lobby")[0].peer
      for (index, session) in sessions.enumerated() {
        try session.peer.send(String(repeating: "x", count: 10 * (index + 1)))
        _ = try session.peer.receive()
      }
      let client = try engine.client()
      func list(_ query: String) throws -> SessionList {
        try client.get("/v1/sessions?\(query)").decode()
      }
      let ids = sessions.map(\.id)
      #expect(try waitFor { try list("filter=out.bytes>0").total == 4 ? true : nil } == true)
      let echoes = try list("filter=route%3D/ws/echo&sort=in.bytes")
      #expect(echoes.total == 4)
      #expect(echoes.sessions.map(\.id) == ids.reversed())
      let middle = try list("filter=route%3D/ws/echo&sort=in.bytes&order=asc&offset=1&limit=2")
      #expect(middle.total == 4)
      #expect(middle.offset == 1)
      #expect(middle.sessions.map(\.id) == Array(ids[1...2]))
      #expect(try list("filter=in.bytes>%3D30").total == 2)
      #expect(try list("filter=addr%3D127.0.0.0/8+!route%3D/ws/echo").total == 1)
      #expect(try list("filter=addr%3D10.0.0.0/8").total == 0)
      #expect(try list("limit=0").total == 5)
      #expect(try list("offset=100").sessions.isEmpty)
      #expect(try list("filter=room%3Dlobby").total == 1)
      try other.close(.normalClosure)
      #expect(try waitFor { try list("").total == 4 ? true : nil } == true)
    }
  }

  @Test(
    "A filter that is none is told with its column",
    arguments: [
      ("filter=route%3D/x+nonsense", "invalid-filter", 10),
      ("filter=age>soon", "invalid-filter", 5),
      ("sort=colour", "invalid-query", nil),
      ("limit=many", "invalid-query", nil),
    ] as [(String, String, Int?)])
  func badQuery(query: String, code: String, column: Int?) async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let reply = try engine.client().get("/v1/sessions?\(query)")
      #expect(reply.status == 400)
      let error = try reply.decode(ControlError.self).error
      #expect(error.code == code)
      #expect(error.column == column)
    }
  }

  @Test("A session that never was, and one that is gone")
  func noSession() async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let client = try engine.client()
      let never = try client.get("/v1/sessions/s-zzz")
      #expect(never.status == 404)
      #expect(never.errorCode == "no-such-session")
      let (id, peer) = try engine.sessions(1)[0]
      try peer.close(CloseCode(rawValue: 4001))
      let gone = try waitFor {
        let reply = try client.get("/v1/sessions/\(id)")
        let details = try reply.decode(SessionDetails.self)
        return details.row.state == .closed ? details : nil
      }
      let ending = try #require(gone?.row.ending)
      #expect(ending.code.rawValue == 4001 && ending.by == .peer)
      #expect(abs(ending.at - SystemClock.secondsSince1970()) < 600)
      #expect(gone?.headers.contains { $0.name == "Host" } == true)
    }
  }

  @Test("GET /v1/closed tells the newest first, with who closed")
  func closed() async throws {
    try await TestEngine.run { engine in
      let sessions = try engine.sessions(3)
      let client = try engine.client()
      for (index, session) in sessions.enumerated() {
        try session.peer.close(CloseCode(rawValue: 4000 + UInt16(index)))
        #expect(
          try waitFor {
            try client.get("/v1/closed").text.contains("\"total\":\(index + 1)") ? true : nil
          } == true)
      }
      struct List: Decodable {
        var engine: String
        var sessions: [Row]
      }
      struct Row: Decodable {
        var row: SessionRow
        var code: CloseCode
        var by: CloseInitiator
      }
      let list = try client.get("/v1/closed?limit=2").decode(List.self)
      #expect(list.engine == engine.server.run)
      #expect(list.sessions.map(\.row.id) == [sessions[2].id, sessions[1].id])
      #expect(list.sessions.map(\.code.rawValue) == [4002, 4001])
      #expect(list.sessions.allSatisfy { $0.by == .peer && $0.row.state == .closed })
      #expect(try client.get("/v1/closed?limit=x").status == 400)
    }
  }
}
