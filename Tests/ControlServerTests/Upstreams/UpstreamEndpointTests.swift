import ControlProtocol
import EventLoop
import Synchronization
import TestSupport
import Testing
import Vocabulary
import WebSocketEngine
import WebSocketProtocol

@testable import ControlServer

@Suite("Upstreams in the control API", .limited, .timeLimit(.minutes(5)))
struct UpstreamEndpointTests {
  /// Adds upstreams to a route of an engine.
  private func pool(
    _ engine: TestEngine, _ route: String, _ names: String...
  ) throws -> UpstreamPool {
    let targets = try names.map { try UpstreamURL($0) }
    let pool = UpstreamPool(
      route: route, targets: targets, reactorCount: engine.server.reactors.count,
      notices: engine.server.notices)
    engine.server.add(pool)
    return pool
  }

  private func rows(_ client: HTTPPeer) throws -> [UpstreamRow] {
    let reply = try client.get("/v1/upstreams")
    #expect(reply.status == 200)
    return try reply.decode(UpstreamList.self).upstreams
  }

  private var now: Instant { SystemClock.monotonic() }

  /// Opens a session at the upstream that is chosen.
  private func open(_ pool: UpstreamPool) -> UpstreamPlace? {
    guard var place = pool.choose(at: now) else { return nil }
    place.succeeded(connectTime: .microseconds(2500), at: now)
    return place
  }

  @Test("An engine without upstreams has none, and says so where one is named")
  func none() async throws {
    try await TestEngine.run { engine in
      let client = try engine.client()
      #expect(try rows(client).isEmpty)
      #expect(try client.get("/v1/upstreams").decode(UpstreamList.self).engine == engine.server.run)
      let reply = try client.post("/v1/upstreams/drain", #"{"name":"ws://a"}"#)
      #expect(reply.status == 404 && reply.errorCode == "no-such-upstream")
      #expect(reply.text.contains("no such upstream as ws://a; there are none"))
    }
  }

  @Test("Upstreams are listed with their state, sessions, times and failures, route by route")
  func list() async throws {
    try await TestEngine.run { engine in
      let client = try engine.client()
      let echo = try pool(engine, "/ws/echo", "ws://a:1", "ws://b:1")
      let room = try pool(engine, "/ws/room/{room}", "ws://a:1")
      let place = open(echo)
      var failing = echo.choose(at: now)
      failing?.failed(.unavailable, "503 \u{1B}[2J", at: now)
      let waiting = room.choose(at: now)
      let rows = try rows(client)
      #expect(rows.map(\.name) == ["ws://a:1", "ws://b:1", "ws://a:1"])
      #expect(rows.map(\.route) == ["/ws/echo", "/ws/echo", "/ws/room/{room}"])
      try #require(rows.count == 3)
      #expect(rows[0].state == .up && rows[0].retrySeconds == nil)
      #expect(rows[0].sessions == 1 && rows[0].opened == 1 && rows[0].opening == 0)
      #expect(rows[0].connectMilliseconds == 2.5 && rows[0].smoothedConnectMilliseconds == 2.5)
      #expect(rows[0].failures.total == 0 && rows[0].lastFailure == nil)
      #expect(rows[1].state == .down)
      let retry = try #require(rows[1].retrySeconds)
      #expect((0...1.25).contains(retry))
      #expect(rows[1].failures.counts == ["503": 1])
      #expect(rows[1].lastFailure?.reason == "503")
      #expect(rows[1].lastFailure?.message == "503 \u{1B}[2J")
      #expect((rows[1].lastFailure?.secondsAgo ?? -1) >= 0)
      #expect(rows[1].sessions == 0 && rows[1].connectMilliseconds == nil)
      #expect(rows[2].opening == 1 && rows[2].sessions == 0 && rows[2].opened == 0)
      failing = nil
      place?.end()
      waiting?.end()
      let after = try self.rows(client)
      #expect(after.map(\.sessions) == [0, 0, 0] && after.map(\.opening) == [0, 0, 0])
    }
  }

  @Test("What passes a second is measured while a client looks")
  func rates() async throws {
    try await TestEngine.run { engine in
      let client = try engine.client()
      let pool = try self.pool(engine, "/ws/echo", "ws://a:1")
      #expect(try rows(client).allSatisfy { $0.rates == nil })
      let upstream = try #require(pool.upstreams.first)
      let rates = try #require(
        try waitFor { () -> GroupRow.Rates? in
          var delta = TurnDelta()
          delta.received(messageOf: 100)
          delta.sent(messageOf: 10)
          delta.sent(messageOf: 10)
          upstream.traffic.add(delta, ofReactor: 1)
          let rates = try rows(client).first?.rates
          return (rates?.messagesIn ?? 0) > 0 ? rates : nil
        })
      func isNear(_ left: Double, _ right: Double) -> Bool { abs(left - right) < 1e-6 * right }
      #expect(isNear(rates.messagesOut, 2 * rates.messagesIn))
      #expect(isNear(rates.bytesIn, 100 * rates.messagesIn))
      #expect(isNear(rates.bytesOut, 20 * rates.messagesIn))
      let row = try #require(rows(client).first)
      #expect(row.messagesIn > 0 && row.messagesOut == 2 * row.messagesIn)
      #expect(row.bytesIn == 100 * row.messagesIn && row.bytesOut == 20 * row.messagesIn)
    }
  }

  @Test("An upstream is drained and resumed by its name, on one route or on all, and audited")
  func drain() async throws {
    try await TestEngine.run { engine in
      let client = try engine.client()
      let echo = try pool(engine, "/ws/echo", "ws://a:1", "ws://b:1")
      _ = try pool(engine, "/ws/room/{room}", "ws://a:1")
      let place = open(echo)
      let one = try client.post(
        "/v1/upstreams/drain", #"{"name":"ws://a:1","route":"/ws/echo"}"#)
      #expect(one.status == 200)
      #expect(try one.decode(UpstreamList.self).upstreams.map(\.state) == [.draining])
      #expect(try rows(client).map(\.state) == [.draining, .up, .up])
      let all = try client.post("/v1/upstreams/drain", #"{"name":"ws://a:1"}"#)
      #expect(
        try all.decode(UpstreamList.self).upstreams.map(\.route) == [
          "/ws/echo", "/ws/room/{room}",
        ])
      #expect(try rows(client).map(\.state) == [.draining, .up, .drained])
      place?.end()
      #expect(try rows(client).map(\.state) == [.drained, .up, .drained])
      let drained = try waitFor { () -> [EngineEvent]? in
        let events = try engine.events(client).filter { $0.message.contains("is drained") }
        return events.count == 2 ? events : nil
      }
      #expect(drained?.allSatisfy { $0.kind == .engine && $0.actor == nil } == true)
      #expect(
        try client.post("/v1/upstreams/resume", #"{"name":"ws://a:1"}"#).status == 200)
      #expect(try rows(client).map(\.state) == [.up, .up, .up])
      let acts = try engine.events(client).filter { $0.kind == .act }
      #expect(
        acts.map(\.message) == [
          "draining upstream ws://a:1 of /ws/echo: no new sessions, 1 open one stays",
          "upstream ws://a:1 of /ws/echo was draining already",
          "draining upstream ws://a:1 of /ws/room/{room}: no new sessions, none is open",
          "resumed upstream ws://a:1 of /ws/echo: it takes sessions again",
          "resumed upstream ws://a:1 of /ws/room/{room}: it takes sessions again",
        ])
      #expect(acts.allSatisfy { $0.actor?.contains("uid ") == true })
      #expect(acts.first?.command?.hasPrefix("wstop upstreams drain ") == true)
      #expect(acts.first?.command?.hasSuffix("--route /ws/echo ws://a:1") == true)
    }
  }

  @Test(
    "A request that names no upstream, or has what is not known, is refused and does nothing",
    arguments: [
      (#"{"name":"ws://c:1"}"#, 404, "the nearest is ws://"),
      (#"{"name":"nothing like it"}"#, 404, "they are ws://a:1 ws://b:1"),
      (#"{"name":"ws://a:1","route":"/nowhere"}"#, 404, "no such route as /nowhere"),
      (#"{"name":"ws://a:1","route":"/ws/room/{room}"}"#, 404, "no such upstream as ws://a:1 of"),
      (#"{"name":"ws://a:1","close":true}"#, 400, "no field is called \"close\""),
      (#"{"name":""}"#, 400, "name is empty"), (#"{}"#, 400, "name"), ("", 400, ""),
      (#"{"name":"ws://a:1","engine":"another"}"#, 409, "names run another"),
      (#"{"name":"\u001b[2J"}"#, 404, "\\u{1b}"),
    ])
  func refused(body: String, status: Int, part: String) async throws {
    try await TestEngine.run { engine in
      let client = try engine.client()
      _ = try pool(engine, "/ws/echo", "ws://a:1", "ws://b:1")
      for path in ["/v1/upstreams/drain", "/v1/upstreams/resume"] {
        let reply = try client.post(path, body)
        #expect(reply.status == status, "\(reply.text)")
        let error = try reply.decode(ControlError.self).error
        #expect(error.message.contains(part), "\(error.message)")
      }
      #expect(try rows(client).map(\.state) == [.up, .up])
      #expect(try engine.events(client).allSatisfy { $0.kind != .act })
    }
  }

  @Test("The paths take their own methods alone, and no parameters")
  func methods() async throws {
    try await TestEngine.run { engine in
      let client = try engine.client()
      #expect(try client.request("POST", "/v1/upstreams", "{}").status == 405)
      #expect(try client.get("/v1/upstreams/drain").status == 405)
      #expect(try client.get("/v1/upstreams?route=/ws/echo").errorCode == "unknown-parameter")
      #expect(try client.get("/v1/upstreams/close").status == 404)
    }
  }
}
