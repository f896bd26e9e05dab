import ControlProtocol
import TestSupport
import Testing
import Vocabulary
import WebSocketEngine

@Suite("GET and PATCH /v1/limits", .limited, .timeLimit(.minutes(10)))
struct LimitEndpointTests {
  @Test("A lowered limit holds for the next frame of an open session, which is closed with 1009")
  func messageBytes() async throws {
    try await TestEngine.run { engine in
      let (id, peer) = try engine.sessions(1)[0]
      try peer.send(String(repeating: "x", count: 100))
      _ = try peer.receive()
      let client = try engine.client()
      let reply = try client.request("PATCH", "/v1/limits", #"{"set":{"message-bytes":"64"}}"#)
      let list = try reply.decode(LimitList.self)
      let row = try #require(list.limits.first { $0.key == .messageBytes })
      #expect(row.value == "64B")
      #expect(row.defaultValue == "1MiB")
      #expect(row.source == .operator)
      #expect(row.scope == .engine)
      try peer.send(String(repeating: "x", count: 100))
      guard case .close(.messageTooBig, _) = try peer.receive() else {
        Issue.record("not closed with 1009")
        return
      }
      try peer.close(.messageTooBig)
      let closed = try waitFor {
        let text = try client.get("/v1/closed").text
        return text.contains("\(id)") ? text : nil
      }
      #expect(closed?.contains("\"by\":\"limit:message-bytes\"") == true)
      let statistics = try client.get("/v1/stats").decode(EngineStatistics.self)
      #expect(
        statistics.closes.first == CloseCount(code: .messageTooBig, by: .limit, count: 1))
      let event = try #require(try engine.events(client).last { $0.kind == .limit })
      #expect(event.message == "message-bytes 1MiB → 64B")
      #expect(
        event.command
          == "wstop limits set --control \(engine.path.socket) message-bytes=64")
    }
  }

  @Test("To unset a limit that is not set changes nothing, says so, and is no event")
  func notSet() async throws {
    try await TestEngine.run { engine in
      let client = try engine.client()
      let none = try client.request("PATCH", "/v1/limits", #"{"unset":["message-bytes"]}"#)
        .decode(LimitList.self)
      #expect(none.outcome?.notSet == [.messageBytes])
      #expect(try engine.events(client).filter { $0.kind == .limit }.isEmpty)
      let both = try client.request(
        "PATCH", "/v1/limits", #"{"set":{"sessions":"50"},"unset":["message-bytes"]}"#
      ).decode(LimitList.self)
      #expect(both.outcome?.notSet == [.messageBytes])
      #expect(both.limits.first { $0.key == .sessions }?.value == "50")
      #expect(
        try engine.events(client).filter { $0.kind == .limit }.map(\.message)
          == ["sessions 100000 → 50"])
      // What was set is unset as before, and the next time there is nothing to unset.
      let unset = try client.request("PATCH", "/v1/limits", #"{"unset":["sessions"]}"#)
        .decode(LimitList.self)
      #expect(unset.outcome?.notSet == [])
      #expect(
        try client.request("PATCH", "/v1/limits", #"{"unset":["sessions"]}"#)
          .decode(LimitList.self).outcome?.notSet == [.sessions])
      #expect(try engine.events(client).filter { $0.kind == .limit }.count == 2)
    }
  }

  @Test("A setting that was taken away for a time can be taken away for good")
  func takenAwayForGood() async throws {
    try await TestEngine.run(limits: ["message-bytes=2KiB"]) { engine in
      let client = try engine.client()
      _ = try client.request(
        "PATCH", "/v1/limits", #"{"unset":["message-bytes"],"revertAfter":"1h"}"#)
      let list = try client.request("PATCH", "/v1/limits", #"{"unset":["message-bytes"]}"#)
        .decode(LimitList.self)
      #expect(list.outcome?.notSet == [] && list.outcome?.cancelledReverts == 1)
    }
  }

  @Test("A session's own limit is told with its scope, and ends when it is unset")
  func session() async throws {
    try await TestEngine.run { engine in
      let id = try engine.sessions(1)[0].id
      let client = try engine.client()
      let set = try client.post(
        "/v1/sessions/\(id)/limits", #"{"set":{"idle-timeout":"5m"}}"#
      ).decode(LimitList.self)
      #expect(
        set.limits.contains {
          $0.key == .idleTimeout && $0.value == "5m" && $0.scope == .session(id)
        })
      let details = try client.get("/v1/sessions/\(id)").decode(SessionDetails.self)
      #expect(
        details.limits.contains { $0.key == .idleTimeout && $0.scope == .session(id) })
      let unset = try client.request(
        "PATCH", "/v1/limits", #"{"scope":"session:\#(id)","unset":["idle-timeout"]}"#
      ).decode(LimitList.self)
      #expect(!unset.limits.contains { $0.scope == .session(id) })
      let messages = try engine.events(client).filter { $0.kind == .limit }.map(\.message)
      #expect(
        messages == [
          "idle-timeout off → 5m for session \(id)", "idle-timeout 5m → off for session \(id)",
        ])
    }
  }

  @Test("A route's limit is told after the engine's")
  func route() async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let client = try engine.client()
      let list = try client.request(
        "PATCH", "/v1/limits",
        #"{"scope":"route:/ws/echo","set":{"message-bytes":"2KiB","fragment-bytes":"1KiB"}}"#
      ).decode(LimitList.self)
      let rows = list.limits.filter { $0.scope == .route("/ws/echo") }
      #expect(rows.map(\.key) == [.messageBytes, .fragmentBytes])
      #expect(list.limits.count { $0.scope == .engine } == LimitKey.allCases.count)
      let event = try #require(try engine.events(client).last)
      #expect(
        event.message
          == "message-bytes 1MiB → 2KiB, fragment-bytes 64KiB → 1KiB for route /ws/echo")
      #expect(
        event.command
          == "wstop limits set --control \(engine.path.socket) fragment-bytes=1KiB "
          + "message-bytes=2KiB --route /ws/echo")
    }
  }

  @Test("A route that there is not is named, and so are those that there are")
  func unknownRoute() async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let client = try engine.client()
      let reply = try client.request(
        "PATCH", "/v1/limits", #"{"scope":"route:/no\u001b","set":{"message-bytes":"5"}}"#)
      let message = try ControlJSON.decode(ControlError.self, from: reply.body).error.message
      let routes = engine.server.routePatterns.joined(separator: " ")
      #expect(
        message == #"the engine has no such route as /no\u{1b}; its routes are "# + routes)
    }
  }

  @Test(
    "Changes that cannot be change nothing",
    arguments: [
      (#"{"set":{"message-bytes":"huge"}}"#, 400, "invalid-limit"),
      (#"{"set":{"message-byte":"1"}}"#, 400, "invalid-limit"),
      (#"{}"#, 400, "invalid-limit"),
      (#"{"scope":"route:/ws/echo","set":{"sessions":"5"}}"#, 400, "invalid-limit"),
      (#"{"scope":"route:/nowhere","set":{"message-bytes":"5"}}"#, 404, "no-such-route"),
      (#"{"scope":"session:s-zzz","set":{"message-bytes":"5"}}"#, 404, "no-such-session"),
      (#"{"engine":"x","set":{"message-bytes":"5"}}"#, 409, "other-engine"),
      (#"{"dryRun":true,"set":{"message-bytes":"huge"}}"#, 400, "invalid-limit"),
      (#"{"dryRun":true,"scope":"route:/no","set":{"message-bytes":"5"}}"#, 404, "no-such-route"),
      (
        #"{"dryRun":true,"scope":"session:s-zz","set":{"message-bytes":"5"}}"#, 404,
        "no-such-session"
      ),
      (#"{"dryRun":true,"engine":"x","set":{"message-bytes":"5"}}"#, 409, "other-engine"),
      (#"{"dryRun":1,"set":{"message-bytes":"5"}}"#, 400, "invalid-json"),
      (#"{"over":"close","set":{"ping-interval":"5s"}}"#, 400, "over-not-known"),
      (#"{"over":"explode","set":{"sessions":"5"}}"#, 400, "invalid-json"),
      (#"{"order":"largest","set":{"sessions":"5"}}"#, 400, "invalid-order"),
      (#"{"revertAfter":"10","set":{"sessions":"5"}}"#, 400, "invalid-time"),
      (#"{"revertAfter":"0s","set":{"sessions":"5"}}"#, 400, "invalid-time"),
      (#"{"revertAfter":"8d","set":{"sessions":"5"}}"#, 400, "invalid-time"),
    ])
  func refusals(body: String, status: Int, code: String) async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let client = try engine.client()
      let before = try client.get("/v1/limits").decode(LimitList.self).limits
      let reply = try client.request("PATCH", "/v1/limits", body)
      #expect(reply.status == status)
      #expect(reply.errorCode == code)
      #expect(!before.isEmpty)
      #expect(try client.get("/v1/limits").decode(LimitList.self).limits == before)
      #expect(try engine.events(client).allSatisfy { $0.kind == .engine })
    }
  }
}
