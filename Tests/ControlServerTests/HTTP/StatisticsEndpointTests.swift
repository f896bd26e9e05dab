import ControlProtocol
import EventLoop
import TestSupport
import Testing
import Vocabulary
import WebSocketEngine

@Suite("GET /v1/stats and /v1/sessions", .limited, .timeLimit(.minutes(10)))
struct StatisticsEndpointTests {
  @Test("The numbers name the engine and count its sessions and messages")
  func statistics() async throws {
    try await TestEngine.run { engine in
      let sessions = try engine.sessions(2)
      try sessions[0].peer.send("hello")
      #expect(try sessions[0].peer.receive() == .text("hello"))
      let client = try engine.client()
      // What a session did is counted at the end of its turn, after the peer has the answer.
      let statistics = try #require(
        try waitFor {
          let statistics = try client.get("/v1/stats").decode(EngineStatistics.self)
          return statistics.traffic.bytesOut == 5 ? statistics : nil
        })
      #expect(statistics.engine.run == engine.server.run)
      #expect(statistics.engine.name == "test")
      #expect(statistics.engine.version == "1.2.3")
      #expect(statistics.engine.routes == engine.server.routePatterns)
      #expect(statistics.engine.listeners == [engine.server.addresses[0].description])
      #expect(statistics.sessions.open == 2)
      #expect(statistics.traffic.messagesIn == 1)
      #expect(statistics.traffic.messagesOut == 1)
      #expect(statistics.sizesIn.count == 1)
      #expect(statistics.reactors.count == 2)
    }
  }

  @Test("A rate that is set through the API holds at once; who is paused is counted and found")
  func rates() async throws {
    try await TestEngine.run { engine in
      let session = try engine.sessions(1)[0]
      let client = try engine.client()
      let change = #"{"set":{"messages-per-second":"1","rate-policy":"pause"}}"#
      #expect(try client.request("PATCH", "/v1/limits", change).status == 200)
      // It is paused for half a minute, longer than a test stands still before it looks.
      for number in 0..<30 { try session.peer.send("\(number)") }
      let list = try #require(
        try waitFor {
          let list = try client.get("/v1/sessions?filter=throttled").decode(SessionList.self)
          return list.sessions.first?.throttled == true ? list : nil
        })
      #expect(list.total == 1)
      let isCounted = try waitFor {
        try client.get("/v1/stats").decode(EngineStatistics.self).ratePauses >= 1 ? true : nil
      }
      #expect(isCounted == true)
      for number in 0..<3 { #expect(try session.peer.receive() == .text("\(number)")) }
    }
  }
}
