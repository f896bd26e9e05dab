import EventLoop
import Synchronization
import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

@Suite("The asynchronous face", .limited, .timeLimit(.minutes(10)))
struct AsyncFaceTests {
  /// What a call threw, in words.
  static func error(_ body: () async throws -> Void) async -> String {
    do {
      try await body()
      return "nothing"
    } catch {
      return "\(error)"
    }
  }

  @Test("A second accept throws, and so does what comes before the first (B2, B7)")
  func order() async throws {
    let errors = Recorder<String>()
    try await withServer { router in
      try router.webSocket("/order") { socket in
        errors.note(await Self.error { try await socket.send("early") })
        errors.note(await Self.error { try await socket.send([1, 2]) })
        errors.note(await Self.error { _ = try await socket.receive() })
        errors.note(await Self.error { try await socket.join("room") })
        try await socket.accept()
        errors.note(await Self.error { try await socket.accept() })
        errors.note(await Self.error { try await socket.reject() })
        try await socket.send("still here")
      }
    } _: { fixture in
      let client = try await fixture.session("/order")
      #expect(try await client.next() == .text("still here"))
      #expect(try await client.next() == .close(1000, ""))
      #expect(
        errors.all == [
          "notAccepted", "notAccepted", "notAccepted", "notAccepted", "alreadyAnswered",
          "alreadyAnswered",
        ])
      try await fixture.expectAlive()
    }
  }

  @Test("After the close sending and receiving throw (B7)")
  func afterClose() async throws {
    let errors = Recorder<String>()
    try await withServer { router in
      try router.webSocket("/closed") { socket in
        try await socket.accept()
        let last = try await socket.receive()
        errors.note(
          last
            == .close(SessionClose(code: CloseCode(rawValue: 4000), reason: "x", initiator: .peer))
            ? "close" : "\(last)")
        errors.note(await Self.error { _ = try await socket.receive() })
        errors.note(await Self.error { try await socket.send("late") })
        errors.note(await Self.error { try await socket.close() })
      }
    } _: { fixture in
      let client = try await fixture.session("/closed")
      try await client.sendClose(CloseCode(rawValue: 4000), "x")
      #expect(try await errors.all(atLeast: 4) == ["close", "closed", "closed", "closed"])
    }
  }

  @Test("The function that returns closes with 1000")
  func returns() async throws {
    try await withServer { router in
      try router.webSocket("/brief") { try await $0.accept() }
    } _: { fixture in
      let client = try await fixture.session("/brief")
      #expect(try await client.next() == .close(1000, ""))
      #expect(await fixture.closes(1000, by: .handler) == 1)
    }
  }

  @Test("A subprotocol is chosen from the offer, and headers are answered")
  func subprotocol() async throws {
    let errors = Recorder<String>()
    try await withServer { router in
      try router.webSocket("/sub") { socket in
        errors.note(await Self.error { try await socket.accept(subprotocol: "other") })
        errors.note(
          await Self.error {
            try await socket.accept(
              headers: Headers([try #require(HeaderField(name: "Upgrade", value: "x"))]))
          })
        try await socket.accept(
          subprotocol: "chat",
          headers: Headers([try #require(HeaderField(name: "X-Mine", value: "yes"))]))
        _ = try await socket.receive()
      }
    } _: { fixture in
      let client = try await fixture.client()
      let (head, subprotocol) = try await client.open("/sub", subprotocols: ["soap", "chat"])
      #expect(subprotocol == "chat")
      #expect(head.headers["X-Mine"] == "yes")
      #expect(errors.all == ["subprotocolNotOffered(\"other\")", "reservedHeader(\"Upgrade\")"])
    }
  }

  @Test("The request is what the client sent: path, parameters, query, headers, address")
  func request() async throws {
    try await withServer { router in
      try router.webSocket("/room/{room}/{n:int}") { socket in
        try await socket.accept()
        let request = socket.request
        try await socket.send(
          [
            request.route, request.parameters["room"] ?? "", "\(request.parameters.int("n") ?? 0)",
            request.query["q"] ?? "", request.headers["X-Token"] ?? "", request.remoteAddress,
          ].joined(separator: " "))
      }
    } _: { fixture in
      let client = try await fixture.client()
      try await client.open("/room/a%2Fb/7?q=x%20y", headers: [("X-Token", "secret")])
      #expect(
        try await client.next() == .text("/room/{room}/{n:int} a/b 7 x y secret 127.0.0.1"))
    }
  }

  struct Point: Codable, Equatable { var x: Int }

  /// A type that recurses as deep as what it is decoded from.
  struct Tree: Codable, Equatable { var child: [Tree] }

  @Test("JSON is received as deep as is said; what is deeper is refused before it is decoded")
  func deepJSON() async throws {
    let outcomes = Recorder<String>()
    try await withServer { router in
      try router.webSocket("/json") { socket in
        try await socket.accept()
        for depth in [64, 64, 3] {
          do {
            _ = try await socket.receive(json: Tree.self, maximumDepth: depth)
            outcomes.note("taken")
          } catch WebSocketError.invalidJSON(let reason) {
            outcomes.note(reason)
          }
        }
        let raw = try await socket.receive(json: RawJSON.self)
        try await socket.send(json: raw)
      }
    } _: { fixture in
      let client = try await fixture.session("/json")
      func tree(_ depth: Int) -> String {
        String(repeating: #"{"child":["#, count: depth) + String(repeating: "]}", count: depth)
      }
      for depth in [32, 50_000, 2] { try await client.send(tree(depth)) }
      try await client.send(Array(#" {"b":1.0,"a":[]}"#.utf8))
      #expect(try await client.next() == .text(#" {"b":1.0,"a":[]}"#))
      #expect(
        outcomes.all == [
          "taken", "no JSON at column 321: it is nested deeper than 64",
          "no JSON at column 20: it is nested deeper than 3",
        ])
    }
  }

  @Test("JSON goes out as text, comes in as either, and a wrong shape is an error")
  func json() async throws {
    let errors = Recorder<String>()
    try await withServer { router in
      try router.webSocket("/json") { socket in
        try await socket.accept()
        for _ in 0..<2 {
          let point = try await socket.receive(json: Point.self)
          try await socket.send(json: Point(x: point.x + 1))
        }
        do {
          _ = try await socket.receive(json: Point.self)
        } catch WebSocketError.invalidJSON {
          errors.note("invalid")
        }
        errors.note(await Self.error { _ = try await socket.receive(json: Point.self) })
      }
    } _: { fixture in
      let client = try await fixture.session("/json")
      try await client.send(#"{"x":1}"#)
      #expect(try await client.next() == .text(#"{"x":2}"#))
      try await client.send(Array(#"{"x":2}"#.utf8))
      #expect(try await client.next() == .text(#"{"x":3}"#))
      try await client.send("{")
      try await client.sendClose(.normalClosure)
      #expect(try await errors.all(atLeast: 2) == ["invalid", "closed"])
    }
  }

  @Test("A code or a reason that must not be sent is a typed error, and the session goes on")
  func invalidClose() async throws {
    let errors = Recorder<String>()
    try await withServer { router in
      try router.webSocket("/bad") { socket in
        try await socket.accept()
        for code: UInt16 in [999, 1004, 1005, 1006, 1015, 5000] {
          errors.note(
            await Self.error { try await socket.close(CloseCode(rawValue: code)) })
        }
        errors.note(
          await Self.error {
            try await socket.close(reason: String(repeating: "é", count: 62))
          })
        try await socket.close(
          CloseCode(rawValue: 4999), reason: String(repeating: "r", count: 123))
      }
    } _: { fixture in
      let client = try await fixture.session("/bad")
      #expect(try await client.next() == .close(4999, String(repeating: "r", count: 123)))
      #expect(errors.all.count == 7)
      #expect(errors.all.allSatisfy { $0.contains("invalidClose") })
    }
  }

  /// Whether a session is not read from, since its handler's inbox is full.
  private static func isInboxFull(on fixture: ServerFixture) async -> Bool {
    let isFull = await fixture.server.reactors.first?.run { reactor in
      reactor.sessions.values.contains { $0.connection.pauses.contains(.inbox) }
    }
    return isFull == true
  }

  @Test(
    "A full inbox stops reading, so that a stalled handler costs bounded memory", .inTheClear)
  func inboxBound() async throws {
    let gate = Recorder<Void>()
    let count = Atomic(0)
    try await withServer { router in
      try router.webSocket("/stalled") { socket in
        try await socket.accept()
        try await eventually("the gate") { gate.count > 0 }
        for try await message in socket.messages {
          if case .binary = message { count.wrappingAdd(1, ordering: .relaxed) }
          if case .text = message { try await socket.send("all") }
        }
      }
    } _: { fixture in
      let client = try await fixture.session("/stalled")
      let frame = client.frame(.binary, pattern(60_000))
      var batch: [UInt8] = []
      for _ in 0..<500 { batch += frame }
      batch += client.frame(.text, [65])
      let bytes = batch
      let descriptor = client.descriptor
      let stuck = Recorder<Void>()
      let sender = Task {
        var sent = 0
        while sent < bytes.count {
          switch Syscalls.send(descriptor, bytes.span.extracting(sent..<bytes.count)) {
          case .bytes(let count): sent += count
          case .wouldBlock:
            if await !Waiting.shared.wait(for: descriptor, 4, timeout: .milliseconds(300)) {
              stuck.note(())
            }
          case .failed(let number): throw SystemError(call: "send", number: number)
          }
        }
      }
      _ = try await stuck.all(atLeast: 1)
      // A reactor that stands still may have been what it got stuck at.
      try await eventually("a full inbox") { await Self.isInboxFull(on: fixture) }
      #expect(await fixture.bufferedByteCount > 0)
      #expect(await fixture.bufferedByteCount < 3 << 20)
      gate.note(())
      try await sender.value
      #expect(try await client.next() == .text("all"))
      #expect(count.load(ordering: .relaxed) == 500)
      try await eventually("an empty inbox's account") { await fixture.bufferedByteCount == 0 }
    }
  }

  @Test("A peer that sends pongs nobody reads, because the handler stalls, is no dead peer")
  func pongsBehindPause() async throws {
    let gate = Recorder<Void>()
    try await withServer { router in
      try router.webSocket("/stalled") { socket in
        try await socket.accept()
        try await eventually("the gate") { gate.count > 0 }
        for try await message in socket.messages {
          if case .text = message { try await socket.send("all") }
        }
      }
    } _: { fixture in
      let client = try await fixture.session("/stalled")
      var bytes: [UInt8] = []
      for _ in 0..<300 { bytes += client.frame(.binary, [1]) }
      try await client.send(raw: bytes + client.frame(.text, [65]))
      // Only while the handler stalls: before and after, this client may stand still for longer.
      try await eventually("a full inbox") { await Self.isInboxFull(on: fixture) }
      let short = LimitAssignments(
        set: [.pingInterval: .amount(100), .pongTimeout: .amount(2000)])
      #expect(try await fixture.server.changeLimits(short, at: .engine))
      let clock = ContinuousClock.now
      while clock.duration(to: .now) < .seconds(5) {
        if case .ping(let payload)? = try? await client.next(timeout: .milliseconds(50)) {
          try await client.send(.pong, payload)
        }
      }
      let long = LimitAssignments(set: [.pongTimeout: .amount(600_000)])
      #expect(try await fixture.server.changeLimits(long, at: .engine))
      gate.note(())
      #expect(try await client.nextAnsweringPings() == .text("all"))
    }
  }

  @Test("Off the reactor the same calls work, and keep the order of one task")
  func detached() async throws {
    try await withServer { router in
      try router.webSocket("/detached") { socket in
        try await Task.detached(priority: .high) {
          try await socket.accept()
          for number in 0..<100 { try await socket.send("\(number)") }
          let message = try await socket.receive()
          if case .text(let text) = message { try await socket.send(text + "!") }
        }.value
      }
    } _: { fixture in
      let client = try await fixture.session("/detached")
      for number in 0..<100 { #expect(try await client.next() == .text("\(number)")) }
      try await client.send("and now")
      #expect(try await client.next() == .text("and now!"))
      #expect(try await client.next() == .close(1000, ""))
    }
  }

  @Test("A handler that sends without end leaves the reactor to others, and ends with its peer")
  func endlessSender() async throws {
    let ended = Recorder<String>()
    try await withServer { router in
      try router.webSocket("/flood") { socket in
        try await socket.accept()
        let block = pattern(1000)
        ended.note(await Self.error { while true { try await socket.send(block) } })
      }
    } _: { fixture in
      let client = try await fixture.session("/flood")
      let reader = Task {
        // Reads as fast as it can, so that the handler never has to wait.
        for _ in 0..<200 { _ = try await client.read(atMost: 100_000) }
        client.reset()
      }
      try await fixture.expectAlive()
      try await reader.value
      #expect(try await ended.all(atLeast: 1) == ["closed"])
      try await fixture.expectAlive()
    }
  }

  @Test(
    "Sessions and their handlers' state are freed when they end",
    arguments: ["/echo", "/echo-async"])
  func freed(_ target: String) async throws {
    try await withServer { fixture in
      let client = try await fixture.session(target)
      let id = try fixture.onlySession().identity.id
      let probe = await fixture.server.reactors[0].run { WeakSession($0.sessions[id]) }
      #expect(probe?.session != nil)
      try await client.sendClose(.normalClosure)
      _ = try await client.readToEnd()
      try await eventually("a freed session") { probe?.session == nil }
    }
  }

  /// A session that is only looked at for being there.
  final class WeakSession: Sendable {
    nonisolated(unsafe) private weak var weakSession: Session?
    init(_ session: Session?) { weakSession = session }
    var session: Session? { weakSession }
  }
}
