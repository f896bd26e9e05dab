import ControlProtocol
import ControlServer
import Dispatch
import EventLoop
import TestSupport
import Testing
import Vocabulary
import WebSocketEngine
import WebSocketProtocol

@Suite("Taps of the control API", .limited, .timeLimit(.minutes(5)))
struct TapEndpointTests {
  /// What comes on a tap.
  private final class Tapper {
    let peer: WebSocketPeer
    private(set) var skipped = 0
    private(set) var sessions = -1
    private var messages: [TapMessage] = []

    init(_ engine: TestEngine, _ request: TapRequest) throws {
      peer = try WebSocketPeer(to: .unix(path: engine.path.socket), target: request.target)
    }

    /// The next messages, so many of them.
    func take(_ count: Int) throws -> [TapMessage] {
      while messages.count < count { try receive() }
      defer { messages.removeFirst(count) }
      return Array(messages.prefix(count))
    }

    /// Waits until so many sessions are tapped.
    func waitFor(sessions count: Int) throws {
      while sessions != count { try receive() }
    }

    func receive() throws {
      guard case .text(let json) = try peer.receive() else { return }
      let batch = try ControlJSON.decode(TapBatch.self, from: json.utf8)
      messages += batch.messages
      skipped += batch.messages.reduce(batch.skipped) { $0 + $1.skipped }
      sessions = batch.sessions
    }
  }

  private func refusal(
    _ engine: TestEngine, _ target: String, upgrades: Bool = true
  ) throws -> (status: Int, code: String, message: String) {
    let answer = try engine.client().request(
      "GET", target,
      headers: upgrades
        ? [
          "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        ] : [])
    let error = try answer.decode(ControlError.self).error
    return (answer.status, error.code, error.message)
  }

  @Test("A tap of one session shows both ways, and who began and ended it is in the log")
  func session() async throws {
    try await TestEngine.run { engine in
      let client = try engine.client()
      let (id, peer) = try #require(try engine.sessions(1).first)
      let tapper = try Tapper(engine, TapRequest(.session(id)))
      try tapper.waitFor(sessions: 1)
      let list = try client.get("/v1/sessions?filter=tapped").decode(SessionList.self)
      #expect(list.sessions.map(\.id) == [id] && list.sessions.allSatisfy(\.tapped))
      try peer.send("häl\u{202e}lo")
      try peer.send(.binary, [0, 0xFF])
      let messages = try tapper.take(4)
      #expect(messages.map(\.direction) == [.in, .out, .in, .out])
      #expect(messages.map(\.kind) == [.text, .text, .binary, .binary])
      #expect(messages.map(\.text) == ["häl\u{202e}lo", "häl\u{202e}lo", nil, nil])
      #expect(messages.map(\.binary) == [nil, nil, "AP8=", "AP8="])
      #expect(messages.allSatisfy { $0.session == id && $0.compressedBytes == nil })
      #expect(messages.map(\.bytes) == [9, 9, 2, 2])
      try tapper.peer.close(.normalClosure)
      let ended = try waitFor { try engine.events(client).last { $0.message.contains("ended") } }
      #expect(ended?.message == "ended the tap of session \(id): 4 messages shown, 0 skipped")
      let begun = try engine.events(client).first { $0.message.contains("began") }
      #expect(begun?.message == "began to tap session \(id)" && begun?.kind == .act)
      #expect(begun?.command == "wstop tap --control \(engine.path.socket) \(id)")
      #expect(begun?.actor?.contains("uid ") == true)
      #expect(
        try waitFor {
          try client.get("/v1/sessions?filter=tapped").decode(SessionList.self).total == 0
            ? true : nil
        } == true)
    }
  }

  @Test("A tap of one session ends with it, after its close frames, and says how it closed")
  func end() async throws {
    try await TestEngine.run { engine in
      let (id, peer) = try #require(try engine.sessions(1).first)
      let tapper = try Tapper(engine, TapRequest(.session(id)))
      try tapper.waitFor(sessions: 1)
      try peer.close(.goingAway)
      let messages = try tapper.take(2)
      #expect(messages.map(\.kind) == [.close, .close])
      #expect(messages.map(\.code) == [.goingAway, .goingAway])
      _ = try peer.receive()
      peer.stream.shutDownWriting()
      while true {
        guard case .close(let code, let reason) = try tapper.peer.receive() else { continue }
        #expect(code == .normalClosure)
        #expect(reason == "session \(id) was closed with 1001 by peer")
        break
      }
    }
  }

  @Test("Options choose what is shown, and can be changed on the tap itself")
  func options() async throws {
    try await TestEngine.run { engine in
      let (id, peer) = try #require(try engine.sessions(1).first)
      let tapper = try Tapper(
        engine,
        TapRequest(
          .session(id),
          options: TapOptions(
            direction: .in, kinds: [.text], minimumBytes: 4, maximumBytes: 8, text: "NEEDLE")))
      try tapper.waitFor(sessions: 1)
      for text in ["a needle", "needle", "nee", "no more needles", "haystack"] {
        try peer.send(text)
      }
      #expect(try tapper.take(2).map(\.text) == ["a needle", "needle"])
      try tapper.peer.send(
        String(decoding: ControlJSON.encode(TapOptions(kinds: [.binary])), as: UTF8.self))
      // Until the reactor knows of it, the old ones hold.
      let descriptor = tapper.peer.stream.descriptor
      _ = try waitFor {
        try peer.send(.binary, [7])
        return Poll.wait(for: descriptor, .readable, milliseconds: 20).isEmpty ? nil : true
      }
      #expect(try tapper.take(1).map(\.kind) == [.binary])
    }
  }

  @Test("A tap by filter takes those that come, and of those that change all that match")
  func filters() async throws {
    try await TestEngine.run { engine in
      _ = try engine.sessions(2, "/ws/room/a")
      // The engine's pings would stand between them on a slow machine.
      let texts = TapOptions(kinds: [.text])
      let settled = try Tapper(
        engine, TapRequest(.filter("path=/ws/room/*"), options: texts))
      let byRoom = try Tapper(engine, TapRequest(.filter("room=b"), options: texts))
      let all = try Tapper(engine, TapRequest(.filter(""), options: texts))
      try settled.waitFor(sessions: 2)
      try all.waitFor(sessions: 2)
      let (id, peer) = try #require(try engine.sessions(1, "/ws/room/b").first)
      try settled.waitFor(sessions: 3)
      try byRoom.waitFor(sessions: 1)
      try peer.send("to b")
      for tapper in [settled, byRoom, all] {
        #expect(try tapper.take(2).map(\.session) == [id, id])
      }
      #expect(try await engine.server.rooms.broadcast("to a", to: "a") == 2)
      #expect(try settled.take(2).map(\.text) == ["to a", "to a"])
      peer.stream.shutDownWriting()
      try byRoom.waitFor(sessions: 0)
    }
  }

  @Test("What a rate does not allow is counted")
  func rate() async throws {
    try await TestEngine.run { engine in
      let (id, peer) = try #require(try engine.sessions(1).first)
      let tapper = try Tapper(
        engine,
        TapRequest(
          .session(id), options: TapOptions(direction: .in), messagesPerSecond: 2))
      try tapper.waitFor(sessions: 1)
      for number in 0..<30 { try peer.send("\(number)") }
      let messages = try tapper.take(2)
      #expect(messages.map(\.text) == ["0", "1"])
      while tapper.skipped < 20 { try tapper.receive() }
    }
  }

  @Test("A tap that is not read holds no more than its queue, and the engine goes on")
  func neverReads() async throws {
    var settings = ControlSettings.patient
    settings.stallTimeout = .milliseconds(300)
    try await TestEngine.run(settings: settings) { engine in
      let client = try engine.client()
      let (id, peer) = try #require(try engine.sessions(1).first)
      let tapper = try Tapper(engine, TapRequest(.session(id), messagesPerSecond: 10_000))
      try tapper.waitFor(sessions: 1)
      let message = [UInt8](repeating: 0x61, count: 4096)
      var problem: EngineEvent?
      while problem == nil {
        for _ in 0..<50 { try peer.send(.binary, message) }
        for _ in 0..<50 { _ = try peer.receive() }
        problem = try engine.events(client).first { $0.kind == .problem }
      }
      #expect(
        problem?.message.hasPrefix("dropped a client of the control API that does not read") == true
      )
      #expect(
        try waitFor { try engine.events(client).first { $0.message.contains("ended the tap") } }
          != nil)
    }
  }

  @Test("A tap that was forbidden is refused with a sentence, and so is what cannot be")
  func refusals() async throws {
    var settings = ControlSettings.patient
    settings.permitsTaps = false
    try await TestEngine.run(settings: settings) { engine in
      let (id, _) = try #require(try engine.sessions(1).first)
      #expect(
        try refusal(engine, "/v1/sessions/\(id)/tap")
          == (403, "taps-forbidden", "the engine forbids taps: it was started with --tap off"))
      #expect(try refusal(engine, "/v1/tap").status == 403)
    }
    try await TestEngine.run { engine in
      let (id, _) = try #require(try engine.sessions(1).first)
      #expect(
        try refusal(engine, "/v1/sessions/s-zzz/tap")
          == (
            404, "no-such-session",
            "there is no session s-zzz, nor was it among the last 10000 that were closed; "
              + "wstop history may know it"
          ))
      #expect(try refusal(engine, "/v1/tap?kind=x").code == "invalid-query")
      #expect(try refusal(engine, "/v1/tap?filter=x").code == "invalid-filter")
      #expect(try refusal(engine, "/v1/sessions/\(id)/tap", upgrades: false).status == 426)
      // One that sends nonsense is closed.
      let tapper = try Tapper(engine, TapRequest(.session(id)))
      try tapper.waitFor(sessions: 1)
      try tapper.peer.send("{\"direction\":\"up\"}")
      while true {
        guard case .close(let code, _) = try tapper.peer.receive() else { continue }
        #expect(code == .invalidFramePayloadData)
        break
      }
    }
  }

  @Test("There are so many taps and no more, until one ends")
  func maximum() async throws {
    try await TestEngine.run { engine in
      let (id, _) = try #require(try engine.sessions(1).first)
      var tappers: [Tapper] = []
      for _ in 0..<ControlSettings.maximumTapCount {
        let tapper = try Tapper(engine, TapRequest(.session(id)))
        try tapper.waitFor(sessions: 1)
        tappers.append(tapper)
      }
      let refused = try refusal(engine, "/v1/sessions/\(id)/tap")
      #expect(refused.status == 503 && refused.code == "too-many-taps")
      try tappers.removeLast().peer.close(.normalClosure)
      let next = try waitFor { try? Tapper(engine, TapRequest(.session(id))) }
      #expect(next != nil)
    }
  }

  @Test("Taps that are asked for at once are no more than so many either")
  func maximumAtOnce() async throws {
    try await TestEngine.run { engine in
      let reactor = try #require(engine.server.reactors.first)
      let gate = DispatchSemaphore(value: 0)
      defer { gate.signal() }
      // A tap begins on every reactor, one of which is busy until all are asked for.
      reactor.post { _ in gate.wait() }
      let count = ControlSettings.maximumTapCount + 4
      let clients = try (0..<count).map { _ in try engine.client() }
      for client in clients {
        try client.send(
          "GET", "/v1/tap?kind=text",
          headers: [
            "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
          ])
      }
      for _ in 0..<3 { #expect(try engine.client().get("/v1/closes").status == 200) }
      gate.signal()
      let statuses = try clients.map { try $0.head().status.rawValue }
      #expect(statuses.count { $0 == 101 } == ControlSettings.maximumTapCount)
      #expect(statuses.count { $0 == 503 } == 4)
    }
  }
}
