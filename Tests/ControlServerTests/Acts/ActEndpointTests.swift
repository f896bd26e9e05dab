import ControlProtocol
import TestSupport
import Testing
import Vocabulary
import WebSocketEngine

@Suite("POST /v1/close and /v1/send", .limited, .timeLimit(.minutes(10)))
struct ActEndpointTests {
  private func outcomes(_ reply: HTTPPeer.Reply) throws -> [SessionOutcome.Outcome] {
    try reply.decode(ActResult.self).outcomes.map(\.outcome)
  }

  @Test("Sessions are closed with the code and reason that were given")
  func close() async throws {
    try await TestEngine.run { engine in
      let sessions = try engine.sessions(2)
      let client = try engine.client()
      let body = ControlJSON.encode(
        CloseRequest(
          engine: engine.server.run, sessions: sessions.map(\.id) + [SessionID(rawValue: 1 << 30)],
          code: CloseCode(rawValue: 4001), reason: "it's over"))
      let reply = try client.post("/v1/close", String(decoding: body, as: UTF8.self))
      #expect(try outcomes(reply) == [.done, .done, .noSuchSession])
      for session in sessions {
        #expect(
          try session.peer.receive() == .close(CloseCode(rawValue: 4001), "it's over"))
      }
      let event = try #require(
        try engine.events(client).last { $0.kind == .act })
      #expect(event.message == "closed 2 of 3 sessions with 4001 \"it's over\"")
      #expect(event.actor?.contains("uid ") == true)
      let ids = (sessions.map(\.id) + [SessionID(rawValue: 1 << 30)]).map(\.description)
        .joined(separator: " ")
      #expect(
        event.command
          == "wstop close --control \(engine.path.socket) \(ids) --code 4001 "
          + "--reason \"it's over\"")
    }
  }

  @Test("A session is closed by its path, with 1000 if nothing else is said")
  func closeByPath() async throws {
    try await TestEngine.run { engine in
      let (id, peer) = try engine.sessions(1)[0]
      let client = try engine.client()
      #expect(try outcomes(client.post("/v1/sessions/\(id)/close", "")) == [.done])
      #expect(try peer.receive() == .close(.normalClosure, ""))
      let closed = try waitFor {
        let text = try client.get("/v1/closed").text
        return text.contains("\"total\":1") ? text : nil
      }
      #expect(closed?.contains("\"by\":\"operator\"") == true)
      // The end names who did it; an act on named sessions has no number.
      let row = try #require(
        try client.get("/v1/sessions?show=closed").decode(SessionList.self).sessions.first)
      let actor = try #require(row.ending?.actor)
      #expect(!actor.isEmpty && row.ending?.act == nil)
      #expect(row.ending?.byWhom == "operator \(actor)")
      let event = try #require(try engine.events(client).last { $0.kind == .act })
      #expect(event.actor?.hasPrefix(actor + " ") == true)
      let filter = "actor%3D\(actor.replacing(" ", with: "*"))"
      #expect(
        try client.get("/v1/sessions?show=closed&filter=\(filter)").decode(SessionList.self).total
          == 1)
      #expect(
        try client.get("/v1/sessions?show=closed&filter=actor%3Dx").decode(SessionList.self).total
          == 0)
    }
  }

  @Test("A session that its peer closed names no actor")
  func closedByPeer() async throws {
    try await TestEngine.run { engine in
      let (_, peer) = try engine.sessions(1)[0]
      let client = try engine.client()
      try peer.close(.normalClosure)
      let rows = try #require(
        try waitFor {
          let list = try client.get("/v1/sessions?show=closed").decode(SessionList.self)
          return list.total == 1 ? list.sessions : nil
        })
      #expect(rows.first?.ending?.by == .peer && rows.first?.ending?.actor == nil)
      #expect(rows.first?.ending?.byWhom == "peer")
    }
  }

  @Test("Text, bytes and pings reach the session")
  func send() async throws {
    try await TestEngine.run { engine in
      let (id, peer) = try engine.sessions(1)[0]
      let client = try engine.client()
      let target = "/v1/sessions/\(id)/send"
      #expect(try outcomes(client.post(target, #"{"text":"hé"}"#)) == [.done])
      #expect(try peer.receive() == .text("hé"))
      #expect(try outcomes(client.post(target, #"{"binary":"AP8="}"#)) == [.done])
      #expect(try peer.receive() == .binary([0, 255]))
      #expect(try outcomes(client.post(target, #"{"ping":true}"#)) == [.done])
      guard case .ping = try peer.receive() else {
        Issue.record("no ping")
        return
      }
      let messages = try engine.events(client).map(\.message)
      // The digests are those that sha256sum tells.
      #expect(messages.contains("sent text of 3 B (sha256 7dfbe0ea) to \(id)"))
      #expect(messages.contains("sent a binary message of 2 B (sha256 06eb7d6a) to \(id)"))
      #expect(messages.contains("sent a ping to \(id)"))
    }
  }

  @Test("What cannot be sent is told for each session")
  func outcomes() async throws {
    try await TestEngine.run(limits: ["message-bytes=10"]) { engine in
      let id = try engine.sessions(1)[0].id
      let client = try engine.client()
      let long = #"{"sessions":["\#(id)","s-zzz"],"text":"more than ten bytes"}"#
      #expect(try outcomes(client.post("/v1/send", long)) == [.tooBig, .noSuchSession])
      #expect(try client.get("/v1/sessions/\(id)").status == 200)
    }
  }

  @Test("A peer that does not read makes messages queue, and then finds no room")
  func backlog() async throws {
    try await TestEngine.run(limits: ["backlog-bytes=8MiB", "backlog-policy=drop"]) { engine in
      let id = try engine.sessions(1)[0].id
      let client = try engine.client()
      let text = String(repeating: "x", count: 1 << 19)
      var seen: [SessionOutcome.Outcome] = []
      for _ in 0..<100 where seen.last != .backlogFull {
        seen += try outcomes(client.post("/v1/sessions/\(id)/send", #"{"text":"\#(text)"}"#))
      }
      #expect(seen.contains(.queued))
      #expect(seen.last == .backlogFull)
    }
  }

  @Test(
    "Acts that cannot be are refused before anything is done",
    arguments: [
      ("/v1/close", #"{"sessions":["s-2"],"code":1005}"#, 400, "invalid-close-code"),
      ("/v1/close", #"{"sessions":[]}"#, 400, "invalid-sessions"),
      ("/v1/close", #"{}"#, 400, "invalid-sessions"),
      ("/v1/close", "nonsense", 400, "invalid-json"),
      ("/v1/send", #"{"sessions":["s-2"]}"#, 400, "invalid-payload"),
      ("/v1/send", #"{"sessions":["s-2"],"text":"a","ping":true}"#, 400, "invalid-payload"),
      ("/v1/send", #"{"sessions":["s-2"],"binary":"?"}"#, 400, "invalid-binary"),
      ("/v1/sessions/s-2/close", #"{"sessions":["s-3"]}"#, 400, "invalid-sessions"),
      ("/v1/close", #"{"sessions":["s-2"],"engine":"other"}"#, 409, "other-engine"),
      ("/v1/send", #"{"sessions":["s-2"],"ping":true,"engine":"other"}"#, 409, "other-engine"),
      (
        "/v1/sessions/s-2/limits", #"{"engine":"x","unset":["message-bytes"]}"#, 409, "other-engine"
      ),
    ])
  func refusals(path: String, body: String, status: Int, code: String) async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let client = try engine.client()
      let reply = try client.post(path, body)
      #expect(reply.status == status)
      #expect(reply.errorCode == code)
      #expect(try engine.events(client).allSatisfy { $0.kind == .engine })
    }
  }
}
