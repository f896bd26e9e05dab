import ControlProtocol
import EventLoop
import TestSupport
import Testing
import Vocabulary
import WebSocketEngine

@Suite(
  "What a change of limits would do: PATCH /v1/limits with dryRun", .limited,
  .timeLimit(.minutes(10)))
struct LimitPreviewTests {
  /// Sends messages of some sizes through a session and waits for their echoes.
  private func echo(_ sizes: [Int], _ peer: WebSocketPeer) throws {
    for size in sizes {
      try peer.send(String(repeating: "x", count: size))
      _ = try peer.receive()
    }
  }

  private func preview(_ body: String, _ client: HTTPPeer) throws -> LimitPreview {
    try client.request("PATCH", "/v1/limits", body).decode(LimitPreview.self)
  }

  private func forecast(_ body: String, _ client: HTTPPeer) throws -> LimitForecast {
    try #require(try preview(body, client).forecasts.first)
  }

  @Test("It tells old and new, and how many messages would have been rejected, and changes nothing")
  func messages() async throws {
    try await TestEngine.run { engine in
      let (_, peer) = try engine.sessions(1)[0]
      try echo([100, 100, 600, 1000, 1010], peer)
      let client = try engine.client()
      // 511 is the last size of its bucket, 1000 lies inside of the one from 992 to 1023.
      let exact = try forecast(#"{"dryRun":true,"set":{"message-bytes":"511"}}"#, client)
      #expect(exact.key == .messageBytes && exact.old == "1MiB" && exact.new == "511B")
      #expect(exact.messagesIn == MessageForecast(atLeast: 3, atMost: 3, total: 5))
      #expect(exact.messagesOut == MessageForecast(atLeast: 3, atMost: 3, total: 5))
      #expect(exact.sessionsOver == 1)
      #expect(exact.peak == nil)
      let cut = try forecast(#"{"dryRun":true,"set":{"message-bytes":"1000"}}"#, client)
      #expect(
        cut.messagesIn
          == MessageForecast(atLeast: 0, atMost: 2, total: 5, bucket: 992...1023))
      #expect(try client.get("/v1/limits").text.contains(#""value":"1MiB""#))
      #expect(try engine.events(client).allSatisfy { $0.kind == .engine })
    }
  }

  @Test("A route's sizes are its own, and one that has a limit of its own is left out")
  func routes() async throws {
    try await TestEngine.run { engine in
      let (echoID, echoPeer) = try engine.sessions(1, "/ws/echo")[0]
      let (_, roomPeer) = try engine.sessions(1, "/ws/room/a")[0]
      try echo([100, 200], echoPeer)
      try echo([300], roomPeer)
      let client = try engine.client()
      func total(_ body: String) throws -> Int? { try forecast(body, client).messagesIn?.total }
      #expect(try total(#"{"dryRun":true,"set":{"message-bytes":"50"}}"#) == 3)
      #expect(
        try total(#"{"dryRun":true,"scope":"route:/ws/echo","set":{"message-bytes":"50"}}"#) == 2)
      let own = #"{"scope":"route:/ws/echo","set":{"message-bytes":"4KiB"}}"#
      _ = try client.request("PATCH", "/v1/limits", own)
      let rest = try forecast(#"{"dryRun":true,"set":{"message-bytes":"50"}}"#, client)
      #expect(rest.messagesIn?.total == 1 && rest.narrowerRoutes == 1 && rest.sessionsOver == 1)
      // Of one session only the largest message is known.
      let session = try forecast(
        #"{"dryRun":true,"scope":"session:\#(echoID)","set":{"message-bytes":"150"}}"#, client)
      #expect(session.old == "4KiB")
      #expect(session.messagesIn == MessageForecast(atLeast: 1, atMost: nil, total: 2))
      let whole = try forecast(
        #"{"dryRun":true,"scope":"session:\#(echoID)","set":{"message-bytes":"200"}}"#, client)
      #expect(whole.messagesIn == MessageForecast(atLeast: 0, atMost: 0, total: 2))
      let unset = try forecast(
        #"{"dryRun":true,"scope":"route:/ws/echo","unset":["message-bytes"]}"#, client)
      #expect(unset.old == "4KiB" && unset.new == "1MiB")
    }
  }

  @Test("Sessions, and those of one address, are told by their peaks")
  func peaks() async throws {
    try await TestEngine.run { engine in
      let sessions = try engine.sessions(4)
      try sessions[0].peer.close(.normalClosure)
      let client = try engine.client()
      _ = try waitFor {
        try client.get("/v1/stats").decode(EngineStatistics.self).sessions.open == 3 ? true : nil
      }
      for (key, address) in [("sessions", nil), ("sessions-per-address", "127.0.0.1")] {
        let over = try forecast(#"{"dryRun":true,"set":{"\#(key)":"2"}}"#, client)
        #expect(over.peak?.greatest == 4)
        #expect(over.peak?.minutesOver == 1 && over.peak?.minutes == 1)
        #expect(over.peak?.address == address)
        #expect(over.sessionsOver == 1)
        let enough = try forecast(#"{"dryRun":true,"set":{"\#(key)":"4"}}"#, client)
        #expect(enough.peak?.minutesOver == 0 && enough.sessionsOver == 0)
      }
    }
  }

  @Test("A backlog that a session had is a peak, also when it is gone again")
  func backlog() async throws {
    try await TestEngine.run(reactorCount: 1, limits: ["backlog-bytes=64MiB"]) { engine in
      let id = try engine.sessions(1)[0].id
      let client = try engine.client()
      let none = try forecast(#"{"dryRun":true,"set":{"backlog-bytes":"1KiB"}}"#, client)
      #expect(none.peak?.greatest == 0 && none.sessionsOver == 0)
      let text = String(repeating: "x", count: 700_000)
      // More than the kernel takes for a peer that does not read.
      for _ in 0..<16 {
        _ = try client.post(
          "/v1/send", #"{"sessions":["\#(id)"],"text":"\#(text)"}"#)
      }
      let waiting = try forecast(#"{"dryRun":true,"set":{"backlog-bytes":"1KiB"}}"#, client)
      let greatest = try #require(waiting.peak?.greatest)
      #expect(greatest > 100_000)
      #expect(waiting.sessionsOver == 1)
      _ = try client.post("/v1/close", #"{"sessions":["\#(id)"]}"#)
      let gone = try #require(
        try waitFor { () -> LimitForecast? in
          let now = try forecast(#"{"dryRun":true,"set":{"backlog-bytes":"1KiB"}}"#, client)
          return now.sessionsOver == 0 ? now : nil
        })
      #expect((gone.peak?.greatest ?? 0) >= greatest)
    }
  }

  @Test(
    "What is not known is said to be so",
    arguments: LimitKey.allCases.filter {
      ![.messageBytes, .sessions, .sessionsPerAddress, .backlogBytes].contains($0)
    })
  func unknown(key: LimitKey) async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let client = try engine.client()
      let value = key.text(of: key.definition.defaultValue)
      let forecast = try forecast(
        #"{"dryRun":true,"set":{"\#(key.rawValue)":"\#(value)"}}"#, client)
      #expect(!forecast.isKnown)
      #expect((forecast.sessionsOver != nil) == key.knowsSessionsOver)
    }
  }

  @Test("Rooms and silence are counted now, though nothing is recorded of them")
  func now() async throws {
    try await TestEngine.run { engine in
      _ = try engine.sessions(2, "/ws/room/a")
      _ = try engine.sessions(1, "/ws/echo")
      let client = try engine.client()
      let rooms = try forecast(#"{"dryRun":true,"set":{"rooms-per-session":"0"}}"#, client)
      #expect(rooms.sessionsOver == 2)
      let idle = try forecast(#"{"dryRun":true,"set":{"idle-timeout":"1h"}}"#, client)
      #expect(idle.sessionsOver == 0)
    }
  }
}
