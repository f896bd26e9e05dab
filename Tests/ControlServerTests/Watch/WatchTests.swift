import ControlProtocol
import TestSupport
import Testing
import Vocabulary
import WebSocketEngine
import WebSocketProtocol

@testable import ControlServer

@Suite("GET /v1/watch", .limited, .timeLimit(.minutes(10)))
struct WatchTests {
  private func rows(
    _ filter: String = "", sort: SessionField = .id, offset: Int = 0, limit: Int? = nil
  ) -> SessionQuery {
    SessionQuery(filter: filter, sort: sort, offset: offset, limit: limit)
  }

  @Test("The first snapshot comes at once, the next ones at the interval")
  func snapshots() async throws {
    try await TestEngine.run { engine in
      let sessions = try engine.sessions(2)
      let slow = try WebSocketPeer(
        watching: engine.path, WatchRequest(sessions: rows(), intervalMilliseconds: 60_000))
      let first = try slow.snapshot()
      #expect(first.sequence == 1)
      #expect(first.statistics.engine.run == engine.server.run)
      #expect(first.sessions?.sessions.map(\.id) == sessions.map(\.id).sorted())
      #expect(first.limits == nil && first.events == nil && first.history == nil)
      // Another question is answered at once too, whatever the interval is.
      try slow.look(at: WatchRequest(intervalMilliseconds: 60_000))
      let second = try slow.snapshot()
      #expect(second.sequence == 2)
      #expect(second.sessions == nil)

      // The time begins before the first one may come.
      let clock = ContinuousClock()
      let start = clock.now
      let quick = try WebSocketPeer(watching: engine.path, WatchRequest(intervalMilliseconds: 50))
      for sequence in 1...4 { #expect(try quick.snapshot().sequence == sequence) }
      #expect(clock.now - start >= .milliseconds(140))
    }
  }

  @Test("Details, limits, events and rates come when they are asked for")
  func parts() async throws {
    try await TestEngine.run { engine in
      let peer = try engine.session("/ws/room/lobby")
      let client = try engine.client()
      let id = try #require(
        try waitFor {
          try client.get("/v1/sessions").decode(SessionList.self).sessions.first?.id
        })
      let watch = try WebSocketPeer(
        watching: engine.path,
        WatchRequest(
          details: id, wantsLimits: true, eventsAfter: 0, historySeconds: 10,
          intervalMilliseconds: 50))
      let first = try watch.snapshot()
      #expect(first.details?.row.id == id)
      #expect(first.limits?.count { $0.scope == .engine } == LimitKey.allCases.count)
      #expect(first.events?.first?.sequence == 1)
      #expect(first.history != nil)
      // The session's reactor may take longer than the first one waits for it.
      _ = try watch.snapshot { $0.details?.rooms == ["lobby"] }
      // What has not changed is not sent again.
      let next = try watch.snapshot { $0.sequence > 3 }
      #expect(next.limits == nil)
      #expect(next.events?.contains { $0.sequence == 1 } == false)

      _ = try client.post("/v1/sessions/\(id)/limits", #"{"set":{"message-bytes":"9"}}"#)
      let changed = try watch.snapshot {
        $0.limits?.contains { $0.scope == .session(id) } ?? false
      }
      #expect(changed.limits?.first { $0.scope == .session(id) }?.value == "9B")
      _ = try client.post("/v1/sessions/\(id)/close", "")
      _ = try peer.receive()
      try peer.close(.normalClosure)
      // What was known of it at its end is still told.
      let gone = try watch.snapshot { $0.details?.row.ending != nil }
      #expect(gone.details?.row.id == id)
      #expect(gone.details?.row.ending?.by == .operator)
      #expect(gone.statistics.closes.first?.by == .operator)
    }
  }

  @Test("Many events come in several snapshots, at once and in their order")
  func manyEvents() async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let client = try engine.client()
      for _ in 0..<600 { _ = try client.post("/v1/send", #"{"sessions":["s-2"],"ping":true}"#) }
      let watch = try WebSocketPeer(
        watching: engine.path, WatchRequest(eventsAfter: 0, intervalMilliseconds: 60_000))
      var sequences: [Int] = []
      while sequences.count < 601 {
        let events = try #require(try watch.snapshot().events)
        #expect(!events.isEmpty && events.count <= Watch.maximumEventCount)
        sequences += events.map(\.sequence)
      }
      #expect(sequences == Array(1...sequences.count))
    }
  }

  @Test("Of several questions that come together the last is answered")
  func questions() async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let watch = try WebSocketPeer(watching: engine.path)
      let filters = ["path~a", "path~b", "no filter"]
      let frames = filters.flatMap { filter in
        var frame: [UInt8] = []
        FrameEncoder.append(
          .text,
          payload: ControlJSON.encode(
            WatchRequest(sessions: rows(filter), intervalMilliseconds: 60_000)
          ).span, maskingKey: 0x01020304, to: &frame)
        return frame
      }
      try watch.stream.send(frames)
      let first = try watch.snapshot { $0.filterError != nil }
      #expect(first.sequence <= 2 && first.sessions == nil)
    }
  }

  @Test("Limits and acts come when they change, and again when they are asked for anew")
  func askedAnew() async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let client = try engine.client()
      let act = ActSelection(sessions: [SessionID(rawValue: 1 << 40)], rate: 1)
      _ = try client.post(
        "/v1/close", String(decoding: ControlJSON.encode(CloseRequest(act)), as: UTF8.self))
      _ = try waitFor {
        try client.get("/v1/acts/1").decode(ActStatus.self).state == .finished ? true : nil
      }
      let request = WatchRequest(wantsLimits: true, intervalMilliseconds: 50, wantsActs: true)
      let watch = try WebSocketPeer(watching: engine.path, request)
      let first = try watch.snapshot()
      #expect(first.limits?.isEmpty == false && first.acts?.count == 1)
      let second = try watch.snapshot()
      #expect(second.limits == nil && second.acts == nil)
      try watch.look(at: request)
      let again = try watch.snapshot { $0.limits != nil || $0.acts != nil }
      #expect(again.limits == first.limits && again.acts == first.acts)
    }
  }

  @Test("The window moves with the session that is followed, as little as it has to")
  func follow() async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let sessions = try engine.sessions(5)
      let ids = sessions.map(\.id)
      func offset(_ follow: SessionID?, from offset: Int) throws -> (Int, [SessionID]) {
        let watch = try WebSocketPeer(
          watching: engine.path,
          WatchRequest(sessions: rows(offset: offset, limit: 2), follow: follow))
        let list = try #require(try watch.snapshot().sessions)
        return (list.offset, list.sessions.map(\.id))
      }
      #expect(try offset(nil, from: 1) == (1, Array(ids[1...2])))
      #expect(try offset(ids[2], from: 1) == (1, Array(ids[1...2])))
      #expect(try offset(ids[4], from: 1) == (3, Array(ids[3...4])))
      #expect(try offset(ids[0], from: 1) == (0, Array(ids[0...1])))
      #expect(try offset(SessionID(rawValue: 1 << 30), from: 1) == (1, Array(ids[1...2])))
    }
  }

  @Test("A filter that is none is told in the snapshot, with its column")
  func filterError() async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let watch = try WebSocketPeer(
        watching: engine.path, WatchRequest(sessions: rows("tls nonsense=1")))
      let snapshot = try watch.snapshot()
      #expect(snapshot.sessions == nil)
      #expect(snapshot.filterError?.code == "invalid-filter")
      #expect(snapshot.filterError?.column == 5)
      try watch.look(at: WatchRequest(sessions: rows("!tls")))
      #expect(try watch.snapshot { $0.filterError == nil }.sessions?.total == 0)
    }
  }

  @Test("A filter by room finds its sessions")
  func rooms() async throws {
    try await TestEngine.run { engine in
      let sessions = try engine.sessions(2, "/ws/room/one") + engine.sessions(1, "/ws/room/two")
      let watch = try WebSocketPeer(
        watching: engine.path,
        WatchRequest(sessions: rows("room=t*"), intervalMilliseconds: 60_000))
      let found = try watch.snapshot { $0.sessions?.total == 1 }
      #expect(found.sessions?.sessions.map(\.id) == [sessions[2].id])
    }
  }

  @Test(
    "What is no request closes the watch",
    arguments: [
      (Opcode.text, "nonsense", CloseCode.invalidFramePayloadData),
      (.text, #"{"sessions":7}"#, .invalidFramePayloadData),
      (.text, #"{"intervalMilliseconds":49}"#, .policyViolation),
      (.text, #"{"intervalMilliseconds":60001}"#, .policyViolation),
      (.text, #"{"historySeconds":301}"#, .policyViolation),
      (.text, #"{"sessions":{"offset":-1}}"#, .policyViolation),
      (.binary, "{}", .unsupportedData),
      (.text, "too long", .messageTooBig),
    ] as [(Opcode, String, CloseCode)])
  func faults(opcode: Opcode, payload: String, code: CloseCode) async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let watch = try WebSocketPeer(watching: engine.path)
      let spaces = [UInt8](repeating: 0x20, count: (64 << 10) + 1)
      try watch.send(opcode, code == .messageTooBig ? spaces : Array(payload.utf8))
      guard case .close(code, _) = try watch.receive() else {
        Issue.record("not closed with \(code)")
        return
      }
      try watch.close(code)
      #expect(watch.stream.waitForEnd())
    }
  }

  @Test("Pings are answered, and a close too")
  func control() async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let watch = try WebSocketPeer(watching: engine.path)
      try watch.send(.ping, [1, 2, 3])
      #expect(try watch.receive() == .pong([1, 2, 3]))
      try watch.close(CloseCode(rawValue: 4000))
      #expect(try watch.receive() == .close(CloseCode(rawValue: 4000), ""))
      #expect(watch.stream.waitForEnd())
    }
  }

  @Test("A request without an upgrade is told what the path is")
  func upgradeRequired() async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let reply = try engine.client().get("/v1/watch")
      #expect(reply.status == 426)
      #expect(reply.headers["Upgrade"] == "websocket")
    }
  }

  @Test("Snapshots are skipped, not queued, while the console does not read")
  func skipping() async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      _ = try engine.sessions(20)
      let watch = try WebSocketPeer(
        watching: engine.path,
        WatchRequest(sessions: rows(), wantsLimits: true, intervalMilliseconds: 50))
      let first = try watch.snapshot()
      // The socket holds some snapshots; after that none is made until the console reads.
      let client = try engine.client()
      func now() throws -> Double {
        try client.get("/v1/stats").decode(EngineStatistics.self).now
      }
      let later = try now() + 3
      let moment = try #require(
        try waitFor {
          let now = try now()
          return now > later ? now : nil
        })
      let fresh = try watch.snapshot { $0.statistics.now >= moment }
      #expect(fresh.sequence - first.sequence < 60, "of 60 snapshots in 3 s some were skipped")
    }
  }

  @Test("The engine says goodbye to its watches")
  func goingAway() async throws {
    let (watch, follower) = try await {
      var kept: (WebSocketPeer, HTTPPeer)?
      try await TestEngine.run(reactorCount: 1) { engine in
        let watch = try WebSocketPeer(watching: engine.path, WatchRequest())
        _ = try watch.snapshot()
        let follower = try engine.client()
        try follower.send("GET", "/v1/events?follow=1")
        _ = try follower.head()
        kept = (watch, follower)
      }
      return try #require(kept)
    }()
    var last = try watch.receive()
    while case .text = last { last = try watch.receive() }
    guard case .close(.goingAway, _) = last else {
      Issue.record("no goodbye: \(last)")
      return
    }
    var line = ""
    while !line.contains("stopped") { line = String(decoding: try follower.line(), as: UTF8.self) }
    #expect(follower.stream.waitForEnd())
  }
}
