import ControlProtocol
import EventLoop
import TestSupport
import Testing
import Vocabulary
import WebSocketEngine

@testable import ControlServer

@Suite("Acts with a pace", .limited, .timeLimit(.minutes(10)))
struct PacedActTests {
  private func begin(
    _ client: HTTPPeer, filter: String, rate: Double, jitter: Double? = nil
  ) throws -> ActStatus {
    let dryRun = ActSelection(filter: filter, dryRun: true)
    let found: ActPreview = try client.post(
      "/v1/close", String(decoding: ControlJSON.encode(CloseRequest(dryRun)), as: UTF8.self)
    ).decode()
    let act = ActSelection(filter: filter, token: found.token, rate: rate, jitter: jitter)
    return try client.post(
      "/v1/close", String(decoding: ControlJSON.encode(CloseRequest(act)), as: UTF8.self)
    ).decode()
  }

  @Test("It is answered at once, goes on by itself, and is pushed to those who watch")
  func goesOn() async throws {
    try await TestEngine.run { engine in
      let sessions = try engine.sessions(4)
      let watch = try WebSocketPeer(
        watching: engine.path, WatchRequest(intervalMilliseconds: 50, wantsActs: true))
      let client = try engine.client()
      let status = try begin(client, filter: "route=/ws/echo", rate: 40, jitter: 0.2)
      #expect(status.state == .running)
      #expect(status.rate == 40)
      #expect(status.jitter == 0.2)
      let last = try watch.snapshot { $0.acts?.last?.state == .finished }
      #expect(last.acts?.last?.delivered == 4)
      for (_, peer) in sessions { #expect(try peer.receive() == .close(.normalClosure, "")) }
      let messages = try engine.events(client).map(\.message)
      #expect(
        messages.contains(
          "act 1 begins: closing 4 sessions that match route=/ws/echo with 1000 at 40/s ± 20%"))
      #expect(messages.contains { $0.hasPrefix("act 1: closed 4 of 4 sessions") })
    }
  }

  @Test("Two at once each keep their pace, and are not woken more often than they have to")
  func twoAtOnce() async throws {
    try await TestEngine.run { engine in
      _ = try engine.sessions(20)
      _ = try engine.sessions(20, "/ws/room/lobby")
      let client = try engine.client()
      let filters = ["route=/ws/echo", "room=lobby"]
      let ids = try filters.map { try begin(client, filter: $0, rate: 20).id }
      for id in ids {
        let last = try #require(
          try waitFor {
            let status: ActStatus = try client.get("/v1/acts/\(id)").decode()
            return status.state == .finished ? status : nil
          })
        #expect(last.delivered == 20)
      }
    }
  }

  @Test("One that goes on when the engine ends is in the log as far as it came")
  func engineEnds() async throws {
    try await TestEngine.run { engine in
      let sessions = try engine.sessions(2)
      let client = try engine.client()
      let status = try begin(client, filter: "route=/ws/echo", rate: 0.01)
      #expect(try sessions[0].peer.receive() == .close(.normalClosure, ""))
      _ = try waitFor {
        let status: ActStatus = try client.get("/v1/acts/\(status.id)").decode()
        return status.delivered == 1 ? true : nil
      }
      let follower = try engine.client()
      try follower.send("GET", "/v1/events?follow=1")
      _ = try follower.head()
      engine.control.stop()
      var messages: [String] = []
      while let line = try? follower.line() {
        messages.append(try ControlJSON.decode(EngineEvent.self, from: line).message)
      }
      #expect(messages.contains { $0.hasPrefix("act 1") && $0.contains("the engine's end") })
    }
  }

  @Test("It ends when it is told to, and leaves the rest alone", arguments: [true, false])
  func abort(byMethod: Bool) async throws {
    try await TestEngine.run { engine in
      let sessions = try engine.sessions(3)
      let client = try engine.client()
      // The first one has its turn at once; the second after more time than a test takes.
      let status = try begin(client, filter: "route=/ws/echo", rate: 0.01)
      #expect(try sessions[0].peer.receive() == .close(.normalClosure, ""))
      let other = try engine.client()
      let reply =
        byMethod
        ? try other.request("DELETE", "/v1/acts/\(status.id)")
        : try other.post(
          "/v1/acts/\(status.id)/abort", #"{"engine":"\#(engine.server.run)"}"#)
      let aborted: ActStatus = try reply.decode()
      #expect(aborted.state == .aborted)
      #expect(aborted.delivered == 1)
      #expect(aborted.count == 3)
      #expect(
        try engine.events(client).last?.message.contains("2 left alone") == true)
      for (id, _) in sessions.dropFirst() {
        #expect(try client.get("/v1/sessions/\(id)").status == 200)
      }
      // Once more does no harm.
      let again: ActStatus = try other.request("DELETE", "/v1/acts/\(status.id)").decode()
      #expect(again == aborted)
    }
  }

  @Test("A session that no longer matches when its turn comes is left alone")
  func looksAgain() async throws {
    try await TestEngine.run { engine in
      let sessions = try engine.sessions(2)
      let client = try engine.client()
      let status = try begin(client, filter: "in.messages=0", rate: 0.05)
      #expect(status.count == 2)
      // Well before its turn it speaks up.
      try sessions[1].peer.send("here I am")
      #expect(try sessions[1].peer.receive() == .text("here I am"))
      let watch = try WebSocketPeer(
        watching: engine.path, WatchRequest(intervalMilliseconds: 1000, wantsActs: true))
      let snapshot = try watch.snapshot { $0.acts?.last?.state == .finished }
      let last = try #require(snapshot.acts?.last)
      #expect(last.id == status.id && last.delivered == 1)
      #expect(last.failed[.noLongerMatches] == 1)
      #expect(try client.get("/v1/sessions/\(sessions[1].id)").status == 200)
    }
  }

  @Test("Only so many go on at once, and an act of another run is not aborted")
  func bounds() async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      _ = try engine.sessions(20)
      let client = try engine.client()
      let act = ActSelection(
        sessions: (0..<5).map { SessionID(rawValue: 1 << 40 + $0) }, rate: 0.01)
      let body = String(decoding: ControlJSON.encode(CloseRequest(act)), as: UTF8.self)
      for number in 1...ActScheduler.maximumRunningCount {
        #expect(try client.post("/v1/close", body).decode(ActStatus.self).id == number)
      }
      let refused = try client.post("/v1/close", body)
      #expect(refused.status == 503)
      #expect(refused.errorCode == "too-many-acts")
      #expect(
        try client.post("/v1/acts/1/abort", #"{"engine":"other"}"#).errorCode == "other-engine")
      #expect(try client.post("/v1/acts/99/abort", "").errorCode == "no-such-act")
      #expect(try client.get("/v1/acts/99").status == 404)
      #expect(try client.get("/v1/acts/x").status == 404)
      #expect(try client.request("DELETE", "/v1/acts/1").status == 200)
      #expect(try client.post("/v1/close", body).status == 200)
      for id in 2...(ActScheduler.maximumRunningCount + 1) {
        _ = try client.request("DELETE", "/v1/acts/\(id)")
      }
      // Those that are over are remembered, the oldest only for a while.
      for _ in 0..<ActScheduler.maximumFinishedCount {
        let id = try client.post("/v1/close", body).decode(ActStatus.self).id
        _ = try client.request("DELETE", "/v1/acts/\(id)")
      }
      #expect(
        try client.get("/v1/acts").decode(ActList.self).acts.count
          == ActScheduler.maximumFinishedCount)
      #expect(try client.get("/v1/acts/1").status == 404)
    }
  }
}

@Suite("When the sessions of an act have their turns")
struct ActPacingTests {
  private func at(_ seconds: Double) -> Instant {
    Instant(nanoseconds: 1_000_000_000_000 + Int64(seconds * 1e9))
  }

  @Test("One after the other, the first at once, as many as have come")
  func rate() {
    var generator = SystemRandomNumberGenerator()
    var pacing = ActPacing(rate: 50, jitter: 0, startingAt: at(0))
    #expect(pacing.take(at: at(0), atMost: 100, using: &generator) == 1)
    #expect(pacing.take(at: at(0.019), atMost: 100, using: &generator) == 0)
    #expect(pacing.take(at: at(0.1), atMost: 100, using: &generator) == 5)
    #expect(pacing.take(at: at(1), atMost: 10, using: &generator) == 10)
    #expect(pacing.take(at: at(1), atMost: 100, using: &generator) == 35)
  }

  @Test("A pause of the machine ends in no burst of more than a second")
  func lateness() {
    var generator = SystemRandomNumberGenerator()
    var pacing = ActPacing(rate: 10, jitter: 0, startingAt: at(0))
    #expect(pacing.take(at: at(3600), atMost: 1000, using: &generator) == 11)
  }

  @Test("Pauses differ by at most the jitter, and the rate stays about what it was")
  func jitter() {
    var generator = SystemRandomNumberGenerator()
    var pacing = ActPacing(rate: 10, jitter: 0.5, startingAt: at(0))
    var pauses: [Double] = []
    var now = at(0)
    for _ in 0..<400 {
      #expect(pacing.take(at: now, atMost: 1, using: &generator) == 1)
      pauses.append(now.duration(to: pacing.nextAt).inSeconds)
      now = pacing.nextAt
    }
    #expect(pauses.allSatisfy { $0 > 0.0499 && $0 < 0.1501 })
    #expect(Set(pauses).count > 300)
    // Within six standard deviations of the mean.
    #expect(abs(pauses.reduce(0, +) / 400 - 0.1) < 0.009)
  }
}

@Suite("Tokens of dry runs")
struct PreviewTokenTests {
  private func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }

  @Test("A token expires, and is good once")
  func expires() throws {
    var tokens = PreviewTokens()
    let first = tokens.issue(.close, filter: "tls", count: 7, at: at(0))
    let second = tokens.issue(.close, filter: "tls", count: 8, at: at(0))
    #expect(first != second)
    #expect(try tokens.use(first, for: .close, filter: "tls", at: at(599)) == 7)
    #expect(throws: PreviewTokens.Refusal.unknown) {
      try tokens.use(first, for: .close, filter: "tls", at: at(599))
    }
    #expect(throws: PreviewTokens.Refusal.expired) {
      try tokens.use(second, for: .close, filter: "tls", at: at(600))
    }
  }

  @Test("A token is not good for a filter that is equivalent for a String, nor is one like it")
  func otherBytes() throws {
    var tokens = PreviewTokens()
    let token = tokens.issue(.close, filter: "room=K", count: 7, at: at(0))
    #expect(throws: PreviewTokens.Refusal.otherAct) {
      try tokens.use(token, for: .close, filter: "room=\u{212A}", at: at(1))
    }
    #expect(throws: PreviewTokens.Refusal.unknown) {
      try tokens.use(token + "\u{301}", for: .close, filter: "room=K", at: at(1))
    }
    #expect(try tokens.use(token, for: .close, filter: "room=K", at: at(1)) == 7)
  }

  @Test("Only so many are kept, the newest")
  func bounded() throws {
    var tokens = PreviewTokens()
    let all = (0...PreviewTokens.maximumCount).map {
      tokens.issue(.send, filter: "tls", count: $0, at: at(0))
    }
    #expect(throws: PreviewTokens.Refusal.unknown) {
      try tokens.use(all[0], for: .send, filter: "tls", at: at(1))
    }
    #expect(try tokens.use(all[1], for: .send, filter: "tls", at: at(1)) == 1)
  }
}
