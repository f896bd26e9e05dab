import EventLoop
import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

@Suite(
  "Limits over real sockets, changed while sessions are open", .limited, .timeLimit(.minutes(10)))
struct LimitTests {
  static let levels = ["engine", "route", "session"]

  private static func change(
    _ set: [LimitKey: LimitValue], at level: String, on fixture: ServerFixture
  ) async throws {
    let place: LimitLevel =
      switch level {
      case "engine": .engine
      case "route": .route("/echo")
      default: .session(try fixture.onlySession().identity.id)
      }
    let isChanged = try await fixture.server.changeLimits(LimitAssignments(set: set), at: place)
    #expect(isChanged)
  }

  @Test(
    "message-bytes holds at the header, for the next frame of an open session (B5)",
    arguments: LimitTests.levels)
  func messageBytes(_ level: String) async throws {
    try await withServer { fixture in
      let client = try await fixture.session()
      try await client.send(pattern(1000))
      #expect(try await client.next() == .binary(pattern(1000)))
      try await Self.change([.messageBytes: .amount(999)], at: level, on: fixture)
      try await client.send(pattern(999))
      #expect(try await client.next() == .binary(pattern(999)))
      // The header alone.
      try await client.send(raw: [0x82, 0xFE, 0x03, 0xE8])
      #expect(try await client.next() == .close(1009, "message too big"))
      #expect(await fixture.closes(1009, by: .limit) == 1)
    }
  }

  @Test(
    "message-bytes holds for a message under way, over many fragments (B5)",
    arguments: LimitTests.levels)
  func messageUnderWay(_ level: String) async throws {
    try await withServer { fixture in
      let client = try await fixture.session()
      try await client.send(.binary, pattern(100), isFinal: false)
      // Once the ping is answered, the fragment is there.
      try await client.send(.ping, [1])
      _ = try await client.next()
      try await Self.change([.messageBytes: .amount(250)], at: level, on: fixture)
      let bytes: [UInt8] = Array(repeating: 65, count: 100)
      try await client.send(.continuation, bytes, isFinal: false)
      try await client.send(.continuation, bytes, isFinal: false)
      #expect(try await client.next() == .close(1009, "message too big"))
    }
  }

  @Test(
    "A handler's own message over message-bytes closes 1009 and throws",
    arguments: ["/big", "/big-async"])
  func ownMessage(_ target: String) async throws {
    let errors = Recorder<String>()
    try await withServer(["message-bytes=1000"]) { router in
      try router.route("/big") { _ in
        ClosureHandler { _, _, session in
          do {
            try session.send(pattern(1001).span, as: .binary)
          } catch { errors.note("\(error)") }
        }
      }
      try router.webSocket("/big-async") { socket in
        try await socket.accept()
        _ = try await socket.receive()
        do {
          try await socket.send(pattern(1001))
        } catch { errors.note("\(error)") }
      }
    } _: { fixture in
      let client = try await fixture.session(target)
      try await client.send("go")
      #expect(try await client.next() == .close(1009, "message too big"))
      let error = try #require(try await errors.all(atLeast: 1).first)
      #expect(error.contains("1001") && error.contains("1000"))
    }
  }

  @Test("An operator's message over message-bytes is refused and closes nobody")
  func operatorsMessage() async throws {
    try await withServer(["message-bytes=10"]) { fixture in
      let client = try await fixture.session()
      let id = try fixture.onlySession().identity.id
      let outcome = await fixture.server.send(.message(pattern(11), .binary), to: [id])
      #expect(outcome == [.tooBig])
      try await client.send("fine")
      #expect(try await client.next() == .text("fine"))
    }
  }

  @Test("fragment-bytes shapes the next message", arguments: LimitTests.levels)
  func fragmentBytes(_ level: String) async throws {
    try await withServer { fixture in
      let client = try await fixture.session()
      try await Self.change([.fragmentBytes: .amount(125)], at: level, on: fixture)
      try await client.send(pattern(300))
      #expect(try await client.nextFrame().payload.count == 125)
      #expect(try await client.nextFrame().payload.count == 125)
      #expect(try await client.nextFrame().isFinal)
    }
  }

  @Test("idle-timeout closes 1001, also if it is set later", arguments: LimitTests.levels)
  func idle(_ level: String) async throws {
    try await withServer { fixture in
      let client = try await fixture.session()
      try await Self.change([.idleTimeout: .amount(150)], at: level, on: fixture)
      #expect(try await client.next() == .close(1001, "idle"))
      #expect(await fixture.closes(1001, by: .timeout) == 1)
    }
  }

  @Test(
    "ping-interval pings; who answers lives, who does not is 1006 at pong-timeout",
    arguments: LimitTests.levels)
  func pings(_ level: String) async throws {
    try await withServer { fixture in
      let client = try await fixture.session()
      try await Self.change(
        [.pingInterval: .amount(100), .pongTimeout: .amount(600_000)], at: level, on: fixture)
      for _ in 0..<4 {
        guard case .ping(let payload) = try await client.next() else {
          Issue.record("no ping")
          return
        }
        try await client.send(.pong, Array("unsolicited".utf8))
        try await client.send(.pong, payload)
      }
      #expect(try fixture.onlySession().roundTripLast != nil)
      #expect(try fixture.onlySession().roundTripSmoothed != nil)
      // Set now that nothing is answered in time any more: the client may stand still for seconds.
      try await Self.change([.pongTimeout: .amount(200)], at: level, on: fixture)
      while case .ping = try await client.next() {}
      #expect(await fixture.closes(1006, by: .timeout) == 1)
    }
  }

  @Test("A ping is answered with its payload, also between fragments; a lone pong is ignored")
  func ping() async throws {
    try await withServer { fixture in
      let client = try await fixture.session()
      try await client.send(.pong, [9, 9])
      try await client.send(.text, Array("hal".utf8), isFinal: false)
      try await client.send(.ping, pattern(125))
      try await client.send(.ping, [])
      try await client.send(.continuation, Array("lo".utf8))
      #expect(try await client.next() == .pong(pattern(125)))
      #expect(try await client.next() == .pong([]))
      #expect(try await client.next() == .text("hallo"))
    }
  }

  @Test(
    "Who does not read what is pushed is closed 1008, or misses the newest",
    arguments: ["close", "drop"])
  func backlog(_ policy: String) async throws {
    try await withServer(
      ["backlog-bytes=1MiB", "backlog-policy=\(policy)"]
    ) { fixture in
      let client = try await fixture.session(receiveBufferByteCount: 4096)
      let id = try fixture.onlySession().identity.id
      let block = pattern(300_000)
      var outcomes: [SessionActOutcome] = []
      while outcomes.last != .backlogFull {
        outcomes += await fixture.server.send(.message(block, .binary), to: [id])
      }
      if policy == "drop" {
        #expect(await fixture.count(.droppedMessages) == 1)
        for _ in 1..<outcomes.count {
          guard case .binary(let bytes) = try await client.next() else {
            Issue.record("no message")
            return
          }
          #expect(areEqual(bytes, block))
        }
        try await client.send("on we go")
        #expect(try await client.next() == .text("on we go"))
      } else {
        while case .binary = try await client.next() {}
        #expect(await fixture.closes(1008, by: .limit) == 1)
      }
    }
  }

  @Test("A session counts the messages dropped for it, as many as its peer misses")
  func droppedOfSession() async throws {
    let sentCount = 120
    try await withServer(["backlog-bytes=1MiB", "backlog-policy=drop"]) { router in
      try router.route("/push") { _ in
        ClosureHandler { message, kind, session in
          guard text(message) == "go" else { return try session.send("end") }
          for number in 0..<sentCount {
            // What is over the bound is dropped, and the handler goes on.
            try? session.send(pattern(100_000 + number).span, as: .binary)
          }
        }
      }
    } _: { fixture in
      let slow = try await fixture.session("/push", receiveBufferByteCount: 4096)
      let id = try fixture.onlySession().identity.id
      let other = try await fixture.session("/push")
      try await slow.send("go")
      try await eventually("drops") { await fixture.count(.droppedMessages) > 0 }
      try await other.send("end")
      #expect(try await other.next() == .text("end"))
      var sizes: [Int] = []
      try await slow.send("end")
      while case .binary(let bytes) = try await slow.next() { sizes.append(bytes.count) }
      let missed = sentCount - sizes.count
      #expect(missed > 0 && sizes == sizes.sorted() && Set(sizes).count == sizes.count)
      let samples = fixture.samples
      #expect(samples.map(\.droppedMessages).sorted() == [0, missed])
      #expect(samples.first { $0.identity.id == id }?.droppedMessages == missed)
      #expect(await fixture.count(.droppedMessages) == missed)
    }
  }

  @Test(
    "Where the policy is to drop, a handler that passes the error on is not failed",
    arguments: ["/push", "/push-async"])
  func dropInHandler(_ target: String) async throws {
    let block = pattern(300_000)
    try await withServer(
      ["backlog-bytes=1MiB", "backlog-policy=drop"]
    ) { router in
      try router.route("/push") { _ in
        ClosureHandler { message, kind, session in
          guard text(message) != "still there?" else { return try session.send("yes") }
          for _ in 0..<40 { try session.send(block.span, as: .binary) }
        }
      }
      try router.webSocket("/push-async") { socket in
        try await socket.accept()
        _ = try await socket.receive()
        var dropped = 0
        await withTaskGroup(of: Bool.self) { group in
          for _ in 0..<40 {
            group.addTask {
              do {
                try await socket.send(block)
                return true
              } catch WebSocketError.backlogFull {
                return false
              } catch {
                return true
              }
            }
          }
          for await wasSent in group where !wasSent { dropped += 1 }
        }
        _ = try await socket.receive()
        try await socket.send(dropped > 0 ? "yes" : "none")
      }
    } _: { fixture in
      let client = try await fixture.session(target, receiveBufferByteCount: 4096)
      try await client.send("go")
      try await eventually("a drop") { await fixture.count(.droppedMessages) > 0 }
      try await client.send("still there?")
      var last = try await client.next()
      while case .binary = last { last = try await client.next() }
      #expect(last == .text("yes"))
    }
  }

  @Test("Over buffered-bytes the session that holds most is closed 1008, and memory comes back")
  func bufferedBytes() async throws {
    try await withServer(
      [
        "buffered-bytes=2MiB", "backlog-bytes=100MiB", "message-bytes=100MiB",
        // The client takes as long as it likes to send the rest, and to read why it is closed.
        "close-timeout=5m",
      ]
    ) { fixture in
      let small = try await fixture.session()
      try await small.send(.binary, pattern(500_000), isFinal: false)
      let large = try await fixture.session()
      // Sent while the server closes: what it does not take any more does not matter.
      try? await large.send(.binary, pattern(3 << 20), isFinal: false)
      #expect(try await large.next() == .close(1008, "out of buffer memory"))
      #expect(await fixture.closes(1008, by: .limit) == 1)
      large.close()
      try await small.send(.continuation, [])
      guard case .binary(let bytes) = try await small.next() else {
        Issue.record("the small one suffered")
        return
      }
      #expect(bytes.count == 500_000)
      try await fixture.expectAlive()
    }
  }

  @Test("A limit is refused for a route or a session that does not exist, and in a wrong scope")
  func refused() async throws {
    try await withServer { fixture in
      let server = fixture.server
      let change = LimitAssignments(set: [.messageBytes: .amount(10)])
      let nobody = SessionID(sequence: 9, reactor: 0)
      for level in [LimitLevel.route("/none"), .route("/echo\u{301}"), .session(nobody)] {
        let isChanged = try await server.changeLimits(change, at: level)
        #expect(!isChanged)
      }
      await #expect(throws: LimitError.self) {
        try await server.changeLimits(
          LimitAssignments(set: [.sessions: .amount(10)]), at: .route("/echo"))
      }
    }
  }

  @Test("A reactor knows which sessions have limits of their own, and forgets those that are gone")
  func overriding() async throws {
    try await withServer { fixture in
      let server = fixture.server
      let client = try await fixture.session()
      let id = try fixture.onlySession().identity.id
      func overriding() async -> Set<SessionID>? { await server.reactors[0].run { $0.overriding } }
      #expect(await overriding() == [])
      let change = LimitAssignments(set: [.messageBytes: .amount(999)])
      #expect(try await server.changeLimits(change, at: .session(id)))
      #expect(await overriding() == [id])
      #expect(await server.sessionLimitRows().map(\.level) == [.session(id)])
      #expect(await server.sessions(thatSet: .messageBytes, of: "/echo") == [id])
      #expect(await server.sessions(thatSet: .messageBytes, of: "/other") == [])
      #expect(await server.sessions(thatSet: .idleTimeout, of: nil) == [])
      #expect(
        try await server.changeLimits(LimitAssignments(unset: [.messageBytes]), at: .session(id)))
      #expect(await overriding() == [])
      #expect(try await server.changeLimits(change, at: .session(id)))
      client.close()
      try await eventually("the session is forgotten") { await overriding() == [] }
    }
  }

  @Test(
    "Moving a session's deadlines about leaves one timer, not one for each change",
    arguments: [false, true])
  func timers(passing: Bool) async throws {
    try await withServer { fixture in
      let client = try await fixture.session()
      for _ in 0..<(passing ? 8 : 50) {
        for interval in [100, 86_400_000] {
          try await Self.change(
            [.pingInterval: .amount(interval), .pongTimeout: .off], at: "session", on: fixture)
          guard passing, interval == 100 else { continue }
          guard case .ping(let payload) = try await client.next() else {
            Issue.record("no ping")
            return
          }
          try await client.send(.pong, payload)
        }
      }
      let handle = fixture.server.reactors[0]
      try await eventually("few timers") {
        (await handle.run { $0.reactor.deadlineCount } ?? .max) < 5
      }
      client.close()
    }
  }
}
