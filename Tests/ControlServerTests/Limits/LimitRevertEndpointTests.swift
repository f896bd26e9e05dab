import ControlProtocol
import TestSupport
import Testing
import Vocabulary
import WebSocketEngine

@Suite("Limits that revert by themselves", .limited, .timeLimit(.minutes(10)))
struct LimitRevertEndpointTests {
  private func change(_ body: String, _ client: HTTPPeer) throws -> LimitList {
    try client.request("PATCH", "/v1/limits", body).decode(LimitList.self)
  }

  private func limits(_ client: HTTPPeer) throws -> [LimitRow] {
    try client.get("/v1/limits").decode(LimitList.self).limits
  }

  private func row(_ key: LimitKey, _ client: HTTPPeer) throws -> LimitRow {
    try #require(try limits(client).first { $0.key == key && $0.scope == .engine })
  }

  @Test("A change that nobody keeps takes itself back, with its source, and says so")
  func reverts() async throws {
    try await TestEngine.run(limits: ["message-bytes=2KiB"]) { engine in
      let (_, peer) = try engine.sessions(1)[0]
      let client = try engine.client()
      let list = try change(#"{"set":{"message-bytes":"64"},"revertAfter":"1s"}"#, client)
      let changed = try #require(list.limits.first { $0.key == .messageBytes })
      #expect(changed.value == "64B" && changed.revert?.value == "2KiB")
      let back = try #require(
        try waitFor { () -> LimitRow? in
          let row = try row(.messageBytes, client)
          // What was to be taken back is no trial any more a moment before it is back.
          return row.revert == nil && row.value != "64B" ? row : nil
        })
      #expect(back.value == "2KiB" && back.source == .flag)
      try peer.send(String(repeating: "x", count: 100))
      #expect(try peer.receive() == .text(String(repeating: "x", count: 100)))
      let events = try engine.events(client).filter { $0.kind == .limit }
      #expect(
        events.map(\.message) == [
          "message-bytes 2KiB → 64B, reverts in 1s",
          "message-bytes 64B → 2KiB, reverted: nobody kept it",
        ])
      try #require(events.count == 2)
      #expect(
        events[0].command
          == "wstop limits set --control \(engine.path.socket) message-bytes=64 --revert-after 1s")
      #expect(
        events[1].command == "wstop limits set --control \(engine.path.socket) message-bytes=2KiB")
      #expect(events[1].actor == events[0].actor)
    }
  }

  @Test("A setting that was taken away comes back, and one that was none goes")
  func unset() async throws {
    try await TestEngine.run { engine in
      let client = try engine.client()
      _ = try change(#"{"scope":"route:/ws/echo","set":{"message-bytes":"2KiB"}}"#, client)
      let list = try change(
        #"{"scope":"route:/ws/echo","unset":["message-bytes"],"revertAfter":"1s"}"#, client)
      let row = try #require(list.limits.first { $0.scope == .route("/ws/echo") })
      #expect(row.value == "1MiB" && row.revert?.value == "2KiB")
      _ = try change(#"{"set":{"idle-timeout":"5m"},"revertAfter":"1s"}"#, client)
      let rows = try #require(
        try waitFor { () -> [LimitRow]? in
          let rows = try limits(client)
          return rows.contains { $0.revert != nil } ? nil : rows
        })
      #expect(rows.first { $0.scope == .route("/ws/echo") }?.value == "2KiB")
      let idle = try #require(rows.first { $0.key == .idleTimeout })
      #expect(idle.value == "off" && idle.source == .default)
    }
  }

  @Test("Kept, it stays, and what is kept twice is refused")
  func keep() async throws {
    try await TestEngine.run { engine in
      let client = try engine.client()
      _ = try change(
        #"{"set":{"message-bytes":"64KiB","idle-timeout":"5m"},"revertAfter":"10m"}"#, client)
      let kept = try client.post("/v1/limits/keep", #"{"keys":["message-bytes"]}"#)
        .decode(LimitList.self)
      #expect(kept.outcome?.cancelledReverts == 1)
      #expect(try row(.messageBytes, client).revert == nil)
      #expect(try row(.idleTimeout, client).revert != nil)
      let all = try client.post("/v1/limits/keep", "").decode(LimitList.self)
      #expect(all.outcome?.cancelledReverts == 1)
      #expect(try row(.idleTimeout, client).value == "5m")
      let none = try client.post("/v1/limits/keep", "{}")
      #expect(none.status == 404 && none.errorCode == "no-revert")
      let events = try engine.events(client).filter { $0.kind == .limit }
      #expect(
        events.map(\.message).suffix(2) == [
          "kept message-bytes at 64KiB", "kept idle-timeout at 5m",
        ])
      #expect(
        try events.at(1).command
          == "wstop limits keep --control \(engine.path.socket) message-bytes")
    }
  }

  @Test("A change for good ends the trial; another trial reverts to what was before the first")
  func edits() async throws {
    try await TestEngine.run(limits: ["message-bytes=2KiB", "sessions=500"]) { engine in
      let client = try engine.client()
      _ = try change(
        #"{"set":{"message-bytes":"64","sessions":"400"},"revertAfter":"10m"}"#, client)
      let again = try change(#"{"set":{"message-bytes":"96"},"revertAfter":"1s"}"#, client)
      #expect(again.limits.first { $0.key == .messageBytes }?.revert?.value == "2KiB")
      let good = try change(#"{"set":{"sessions":"300"}}"#, client)
      #expect(good.outcome?.cancelledReverts == 1)
      _ = try waitFor { try row(.messageBytes, client).value == "2KiB" ? true : nil }
      #expect(try row(.messageBytes, client).value == "2KiB")
      #expect(try row(.sessions, client).value == "300")
      #expect(try row(.sessions, client).revert == nil)
      let messages = try engine.events(client).filter { $0.kind == .limit }.map(\.message)
      #expect(messages.contains("sessions 400 → 300, for good: it was to revert before"))
    }
  }

  @Test("A session's trial ends with it, without a word")
  func session() async throws {
    try await TestEngine.run { engine in
      let (id, peer) = try engine.sessions(1)[0]
      let client = try engine.client()
      _ = try change(
        #"{"scope":"session:\#(id)","set":{"idle-timeout":"5m"},"revertAfter":"10m"}"#, client)
      try peer.close(.normalClosure)
      _ = try waitFor { try limits(client).contains { $0.revert != nil } ? nil : true }
      let messages = try engine.events(client).filter { $0.kind == .limit }.map(\.message)
      #expect(messages == ["idle-timeout off → 5m for session \(id), reverts in 10m"])
    }
  }

  @Test("Watches are told when a limit has reverted")
  func watch() async throws {
    try await TestEngine.run { engine in
      let watch = try WebSocketPeer(
        watching: engine.path, WatchRequest(wantsLimits: true, intervalMilliseconds: 60_000))
      func next() throws -> LimitRow? {
        guard case .text(let text) = try watch.receive() else { return nil }
        let snapshot = try ControlJSON.decode(Snapshot.self, from: text.utf8)
        return snapshot.limits?.first { $0.key == .messageBytes && $0.scope == .engine }
      }
      let client = try engine.client()
      _ = try change(#"{"set":{"message-bytes":"64KiB"},"revertAfter":"1s"}"#, client)
      var values: [String] = []
      while values.last != "1MiB" || !values.contains("64KiB") {
        if let row = try next() { values.append(row.value) }
      }
      #expect(values.suffix(2) == ["64KiB", "1MiB"])
    }
  }
}
