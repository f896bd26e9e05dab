import ControlProtocol
import TestSupport
import Testing
import Vocabulary
import WebSocketEngine

@testable import ControlServer

@Suite("Clients' credentials stay in the engine", .limited, .timeLimit(.minutes(5)))
struct RedactionEndpointTests {
  private static let target = "/ws/echo?room=7&access_token=query-credential"
  private static let headers = [
    ("Authorization", "Bearer header-credential"), ("Cookie", "sid=cookie-credential"),
  ]
  private static let subprotocols = ["chat", "protocol-credential-0123456789-0123"]
  private static let secrets = [
    "query-credential", "header-credential", "cookie-credential", "protocol-credential",
  ]

  private static func expectNone(in text: String, _ what: String) {
    for secret in secrets { #expect(!text.contains(secret), "\(what): \(text)") }
  }

  @Test("Lists, details, snapshots, closed sessions and the history have none of them")
  func redacted() async throws {
    let history = MemoryKeeper()
    try await RemoteEngine.run(history: history) { remote in
      let engine = remote.engine
      let peer = try engine.session(
        Self.target, headers: Self.headers, subprotocols: Self.subprotocols)
      let local = try engine.client()
      let id = try #require(
        try waitFor { try local.get("/v1/sessions").decode(SessionList.self).sessions.first?.id })
      for token in [RemoteEngine.view, RemoteEngine.operate] {
        let client = try remote.client()
        let shown = RemoteEngine.showing(token)
        for target in ["/v1/sessions", "/v1/sessions/\(id)"] {
          Self.expectNone(in: try client.request("GET", target, headers: shown).text, target)
        }
        let details = try client.request("GET", "/v1/sessions/\(id)", headers: shown)
          .decode(SessionDetails.self)
        #expect(details.query == "room=7&access_token=‹redacted 16 B›")
        #expect(
          details.headers.first { $0.name == "Authorization" }?.value == "‹redacted 24 B›")
        #expect(
          details.headers.first { $0.name == "Sec-WebSocket-Protocol" }?.value
            == "chat, ‹redacted 35 B›")
        let list = try client.request(
          "GET", "/v1/sessions?filter=query~room%3D7&query=true", headers: shown
        )
        .decode(SessionList.self)
        #expect(list.sessions.first?.query == "room=7&access_token=‹redacted 16 B›")
        let unasked = try client.request("GET", "/v1/sessions", headers: shown)
          .decode(SessionList.self)
        #expect(unasked.sessions.first?.query == nil)
        let watch = try remote.watch(token)
        try watch.send(#"{"sessions":{},"details":"\#(id)","eventsAfter":0}"#)
        guard case .text(let snapshot) = try watch.receive() else {
          Issue.record("a watch pushes texts")
          return
        }
        #expect(snapshot.contains(id.description))
        Self.expectNone(in: snapshot, "snapshot")
      }
      // Who may only look learns no secret by asking whether it matches.
      #expect(
        try remote.client().request(
          "GET", "/v1/sessions?filter=query~query-credential",
          headers: RemoteEngine.showing(RemoteEngine.view)
        ).decode(SessionList.self).total == 0)
      try peer.close(.normalClosure)
      let closed = try waitFor {
        let text = try local.get("/v1/closed").text
        return text.contains(id.description) ? text : nil
      }
      Self.expectNone(in: try #require(closed), "/v1/closed")
      let gone = try local.get("/v1/sessions/\(id)")
      Self.expectNone(in: gone.text, "details of a closed session")
      #expect(gone.text.contains("redacted 16 B"))
      let entry = try #require(history.entries.first { $0.session?.id == id })
      #expect(entry.query == "room=7&access_token=‹redacted 16 B›")
    }
  }

  @Test("A session's page shows its secrets to whoever may act, and that is told")
  func secrets() async throws {
    try await RemoteEngine.run { remote in
      let engine = remote.engine
      _ = try engine.session(Self.target, headers: Self.headers, subprotocols: Self.subprotocols)
      let local = try engine.client()
      let id = try #require(
        try waitFor { try local.get("/v1/sessions").decode(SessionList.self).sessions.first?.id })
      let target = "/v1/sessions/\(id)/secrets"
      let refused = try remote.client().request(
        "POST", target, headers: RemoteEngine.showing(RemoteEngine.view))
      #expect(refused.status == 403)
      Self.expectNone(in: refused.text, "refusal")
      #expect(
        try remote.get(target, headers: RemoteEngine.showing(RemoteEngine.view)).status == 405)
      let told = "showed the secrets of session \(id)"
      let before = try engine.events(local)
      #expect(!before.contains { $0.message == told })
      let shown = try remote.client().request(
        "POST", target, headers: RemoteEngine.showing(RemoteEngine.operate)
      ).decode(SessionDetails.self)
      #expect(shown.query == "room=7&access_token=query-credential")
      #expect(shown.headers.contains { $0.value == "Bearer header-credential" })
      let event = try #require(try engine.events(local).first { $0.message == told })
      #expect(event.kind == .act && event.actor?.hasPrefix("olga (operate) at ") == true)
      #expect(event.command?.hasSuffix("\(id) --show-secrets") == true)
      let missing = try local.request("POST", "/v1/sessions/s-zzzz/secrets")
      #expect(missing.status == 404)
    }
  }

  @Test("What a run that redacted less has left in the history is redacted when it is told")
  func olderHistory() async throws {
    let history = MemoryKeeper()
    history.keep {
      var row = SessionRow(
        id: SessionID(sequence: 1, reactor: 0), route: "/a", path: "/a;token=query-credential",
        address: "::1", port: 1, state: .closed, openedAt: 0, idleSeconds: 0)
      row.subprotocol = Self.subprotocols[1]
      row.query = "access_token=query-credential"
      return HistoryEntry(
        row, at: 1, run: "r", query: "access_token=query-credential",
        subprotocol: Self.subprotocols[1], listener: "")
    }
    try await TestEngine.run(history: history) { engine in
      let reply = try engine.client().get("/v1/history")
      Self.expectNone(in: reply.text, "history")
      #expect(reply.text.contains("access_token=‹redacted 16 B›"))
    }
    try await TestEngine.run(history: history, redaction: .off) { engine in
      let shown = try engine.client().get("/v1/history").text
      #expect(shown.contains("query-credential"))
    }
  }

  @Test("Redaction that is off leaves everything as it was sent")
  func off() async throws {
    try await TestEngine.run(redaction: .off) { engine in
      _ = try engine.session(Self.target, headers: Self.headers, subprotocols: Self.subprotocols)
      let local = try engine.client()
      let id = try #require(
        try waitFor { try local.get("/v1/sessions").decode(SessionList.self).sessions.first?.id })
      let details = try local.get("/v1/sessions/\(id)").text
      for secret in Self.secrets { #expect(details.contains(secret)) }
    }
  }

  @Test("Lists and snapshots find nobody for view by what is redacted, and for operate do")
  func filtersOfRoles() async throws {
    try await RemoteEngine.run { remote in
      _ = try remote.engine.sessions(1, "/ws/room/a;token=path-credential")
      _ = try remote.engine.sessions(1, "/ws/room/b;token=another")
      for (token, count) in [(RemoteEngine.view, 0), (RemoteEngine.operate, 1)] {
        let list = try remote.get(
          "/v1/sessions?filter=path~path-credential", headers: RemoteEngine.showing(token)
        ).decode(SessionList.self)
        #expect(list.total == count)
        let watch = try remote.watch(token)
        try watch.send(#"{"sessions":{"filter":"path~path-credential"}}"#)
        #expect(try watch.snapshot().sessions?.total == count)
      }
    }
  }

  @Test("A filter finds what is redacted for whoever may act, and for nobody else")
  func filters() throws {
    var engine = try SyntheticEngine()
    let secret = "credential-0123456789-0123456789-0123456789"
    let id = try engine.open(path: "/ws;token=abc", subprotocol: secret)
    for text in ["subprotocol=\(secret)", "subprotocol~9-01234", "path~abc"] {
      var filter = try SessionFilter(text)
      #expect(engine.observer.window(SessionQuery(), filter).total == 0, "\(text)")
      filter.seesSecrets = true
      #expect(engine.observer.window(SessionQuery(), filter).total == 1, "\(text)")
      #expect(engine.observer.select(filter).targets.map(\.id) == [id])
    }
    #expect(try engine.ids(SessionQuery(), "subprotocol~redacted path~redacted") == [id])
    for text in ["subprotocol=\"‹redacted 43 B›\"", "path~‹redacted", "path~‹REDACTED"] {
      var filter = try SessionFilter(text)
      filter.seesSecrets = true
      #expect(engine.observer.window(SessionQuery(), filter).total == 1, "as lists show it")
      var others = try SessionFilter("!" + text)
      others.seesSecrets = true
      #expect(engine.observer.window(SessionQuery(), others).total == 0)
    }
    var word = try SessionFilter("path~redacted")
    word.seesSecrets = true
    #expect(engine.observer.window(SessionQuery(), word).total == 0, "a mark is not what it sent")
    engine.close(id)
    engine.observer.tick()
    var filter = try SessionFilter("subprotocol=\(secret)")
    filter.seesSecrets = true
    #expect(
      engine.observer.window(SessionQuery(show: .closed), filter).total == 0,
      "of what is gone nothing secret is kept")
    #expect(try engine.ids(SessionQuery(show: .closed), "subprotocol~redacted") == [id])
  }

  @Test("A sent text is told in full to whoever may act, and else by its digest")
  func sentTexts() async throws {
    let history = MemoryKeeper()
    try await RemoteEngine.run(history: history) { remote in
      let opened = try #require(try remote.engine.sessions(1).first)
      let local = try remote.engine.client()
      _ = try local.request(
        "POST", "/v1/send", #"{"sessions":["\#(opened.id)"],"text":"attack at dawn"}"#)
      let preview = try local.request(
        "POST", "/v1/send", #"{"filter":"state=open","dryRun":true}"#
      ).decode(ActPreview.self)
      let token = try #require(preview.token)
      _ = try local.request(
        "POST", "/v1/send",
        #"{"filter":"state=open","text":"attack at dawn","token":"\#(token)"}"#)
      // SHA-256 of "attack at dawn" begins with these, says sha256sum.
      let mark = "‹14 B, sha256 d502810c›"
      let seen = try remote.get("/v1/events", headers: RemoteEngine.showing(RemoteEngine.view))
      #expect(!seen.text.contains("attack at dawn"))
      #expect(seen.text.contains("sent text of 14 B (sha256 d502810c) to \(opened.id)"))
      #expect(seen.text.contains(mark))
      let acts = try remote.get("/v1/acts", headers: RemoteEngine.showing(RemoteEngine.view))
      #expect(acts.text.contains("d502810c") && !acts.text.contains("attack at dawn"))
      let full = try remote.get("/v1/events", headers: RemoteEngine.showing(RemoteEngine.operate))
      #expect(full.text.split(separator: #"--text \"attack at dawn\""#).count == 3)
      #expect(!history.entries.contains { $0.command?.contains("attack") ?? false })
      #expect(history.entries.count { $0.command?.contains(mark) ?? false } == 2)
    }
  }
}
