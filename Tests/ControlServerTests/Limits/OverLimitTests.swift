import ControlProtocol
import TestSupport
import Testing
import Vocabulary
import WebSocketEngine

@Suite("Sessions over a limit that is set", .limited, .timeLimit(.minutes(10)))
struct OverLimitTests {
  private func change(_ body: String, _ client: HTTPPeer) throws -> LimitList {
    try client.request("PATCH", "/v1/limits", body).decode(LimitList.self)
  }

  private func echo(_ size: Int, _ peer: WebSocketPeer) throws {
    try peer.send(String(repeating: "x", count: size))
    _ = try peer.receive()
  }

  @Test("They are kept unless it is asked for, and how many is told")
  func kept() async throws {
    try await TestEngine.run { engine in
      let sessions = try engine.sessions(3)
      let client = try engine.client()
      let list = try change(#"{"set":{"sessions":"1"}}"#, client)
      #expect(list.outcome?.kept == 2)
      #expect(list.outcome?.closed == 0)
      for (_, peer) in sessions { try echo(5, peer) }
      let event = try #require(try engine.events(client).last { $0.kind == .limit })
      #expect(event.message == "sessions 100000 → 1, kept 2 sessions over it")
    }
  }

  @Test(
    "They are closed in the order that is asked for, and only as many as are too many",
    arguments: [
      (.newest, [2, 3]), (.largest, [1, 2]), (.idlest, [0, 1]),
    ] as [(OverLimitOrder, [Int])])
  func order(order: OverLimitOrder, closed: [Int]) async throws {
    try await TestEngine.run { engine in
      let sessions = try engine.sessions(4)
      try echo(10, sessions[0].peer)
      try echo(5000, sessions[1].peer)
      try echo(4000, sessions[2].peer)
      try echo(20, sessions[3].peer)
      let client = try engine.client()
      let list = try change(
        #"{"set":{"sessions":"2"},"over":"close","order":"\#(order.rawValue)"}"#, client)
      #expect(list.outcome?.closed == 2)
      for (index, session) in sessions.enumerated() {
        guard closed.contains(index) else {
          try echo(7, session.peer)
          continue
        }
        #expect(try session.peer.receive() == .close(.tryAgainLater, "over sessions"))
      }
      let event = try #require(try engine.events(client).last { $0.kind == .limit })
      #expect(
        event.message
          == "sessions 100000 → 2, closed 2 sessions over it, \(order.rawValue) first")
      #expect(
        event.command
          == "wstop limits set --control \(engine.path.socket) sessions=2 --over close "
          + "--order \(order.rawValue)")
    }
  }

  @Test("Of each address as many are closed as are too many")
  func addresses() async throws {
    try await TestEngine.run { engine in
      let sessions = try engine.sessions(3)
      let client = try engine.client()
      let list = try change(
        #"{"set":{"sessions-per-address":"2"},"over":"close","order":"newest"}"#, client)
      #expect(list.outcome?.closed == 1)
      #expect(
        try sessions[2].peer.receive() == .close(.policyViolation, "over sessions-per-address"))
      try echo(5, sessions[0].peer)
      try echo(5, sessions[1].peer)
    }
  }

  @Test("A route's limit closes none of another route's sessions, nor who has a limit of its own")
  func scopes() async throws {
    try await TestEngine.run { engine in
      let rooms = try engine.sessions(1, "/ws/room/a")
      let echoes = try engine.sessions(2, "/ws/echo")
      for (_, peer) in rooms + echoes { try echo(300, peer) }
      let client = try engine.client()
      _ = try change(
        #"{"scope":"session:\#(echoes[0].id)","set":{"message-bytes":"1KiB"}}"#, client)
      let list = try change(
        #"{"scope":"route:/ws/echo","set":{"message-bytes":"200"},"over":"close"}"#, client)
      #expect(list.outcome?.closed == 1)
      #expect(
        try echoes[1].peer.receive() == .close(.messageTooBig, "over message-bytes"))
      try echo(300, rooms[0].peer)
      try echo(300, echoes[0].peer)
    }
  }

  @Test("More sessions than go at once are all closed")
  func many() async throws {
    try await TestEngine.run(limits: ["close-timeout=5s"]) { engine in
      let peers = try (0..<1100).map { _ in try engine.session() }
      let client = try engine.client()
      _ = try waitFor {
        try client.get("/v1/stats").decode(EngineStatistics.self).sessions.open == 1100 ? true : nil
      }
      let list = try change(#"{"set":{"sessions":"50"},"over":"close"}"#, client)
      #expect(list.outcome?.closed == 1050)
      _ = try waitFor {
        let text = try client.get("/v1/sessions?filter=state=open&limit=1").decode(
          SessionList.self)
        return text.total == 50 ? true : nil
      }
      _ = peers
    }
  }
}
