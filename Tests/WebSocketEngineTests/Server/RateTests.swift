import EventLoop
import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

@Suite("Rates over real sockets", .limited, .timeLimit(.minutes(10)))
struct RateTests {
  private static func change(
    _ set: [LimitKey: LimitValue], at level: String, on fixture: ServerFixture
  ) async throws {
    let place: LimitLevel =
      switch level {
      case "engine": .engine
      case "route": .route("/echo")
      default: .session(try fixture.onlySession().identity.id)
      }
    #expect(try await fixture.server.changeLimits(LimitAssignments(set: set), at: place))
  }

  private static func isThrottled(_ fixture: ServerFixture) -> Bool {
    fixture.samples.contains { $0.flags.contains(.throttled) }
  }

  @Test("Handshakes beyond the rate are refused with 503 and Retry-After, and counted")
  func handshakes() async throws {
    try await withServer(["handshakes-per-second=1"]) { fixture in
      var refused: TestClient.Response?
      // On a machine so slow that a second passes between two, it takes some more.
      for _ in 0..<100 where refused == nil {
        let client = try await fixture.client()
        try await client.send(raw: TestClient.handshake("/echo").request)
        let head = try await client.responseHead()
        if head.status.rawValue != 101 {
          refused = TestClient.Response(
            status: head.status.rawValue, headers: head.headers, body: "", end: .endOfStream)
        }
      }
      #expect(refused?.status == 503)
      #expect(refused?.headers["Retry-After"] == "1")
      #expect(await fixture.refusals("too-many-handshakes", status: 503) == 1)
      #expect(
        try await fixture.server.changeLimits(
          LimitAssignments(set: [.handshakesPerSecond: .off]), at: .engine))
      try await fixture.expectAlive()
    }
  }

  @Test("One message too many closes 1008 and names the limit", arguments: LimitTests.levels)
  func closeForMessages(_ level: String) async throws {
    try await withServer { fixture in
      let client = try await fixture.session()
      try await client.send("before the rate")
      #expect(try await client.next() == .text("before the rate"))
      try await Self.change(
        [.messagesPerSecond: .amount(1), .messagesBurst: .amount(3)], at: level, on: fixture)
      var bytes: [UInt8] = []
      for number in 0..<10 { bytes += client.frame(.text, Array("\(number)".utf8)) }
      try await client.send(raw: bytes)
      for number in 0..<3 { #expect(try await client.next() == .text("\(number)")) }
      #expect(try await client.next() == .close(1008, "over messages-per-second"))
      #expect(await fixture.closes(1008, by: .limit) == 1)
      #expect(await fixture.count(.messagesIn) == 4)
    }
  }

  @Test("Who closed says which rate it was")
  func initiator() async throws {
    let closes = Recorder<SessionClose>()
    try await withServer(["bytes-per-second=1"]) { router in
      try router.route("/note") { _ in ClosureHandler(closed: { close, _ in closes.note(close) }) }
    } _: { fixture in
      let client = try await fixture.session("/note")
      try await client.send(pattern(1000))
      try await client.send("more")
      let close = try #require(try await closes.all(atLeast: 1).first)
      #expect(close.code == .policyViolation && close.reason == "over bytes-per-second")
      #expect(close.initiator == .limit(.bytesPerSecond))
    }
  }

  @Test(
    "A message larger than the burst passes, in fragments and many reads; the next is closed")
  func closeForBytes() async throws {
    try await withServer(["bytes-per-second=10", "bytes-burst=100"]) { fixture in
      let message = pattern(900_000)
      let client = try await fixture.session()
      for part in 0..<9 {
        let opcode: Opcode = part == 0 ? .binary : .continuation
        try await client.send(
          opcode, Array(message[(part * 100_000)..<((part + 1) * 100_000)]), isFinal: part == 8)
      }
      #expect(try await client.next() == .binary(message))
      // The header and one byte are enough: nothing of it is kept.
      try await client.send(raw: [0x82, 0x85, 0, 0, 0, 0, 1])
      #expect(try await client.next() == .close(1008, "over bytes-per-second"))
      #expect(await fixture.closes(1008, by: .limit) == 1)
    }
  }

  @Test("Control frames count for no rate")
  func controlFrames() async throws {
    try await withServer(["messages-per-second=1", "bytes-per-second=1"]) { fixture in
      let client = try await fixture.session()
      for number in 0..<50 {
        try await client.send(.ping, [UInt8(number)])
        #expect(try await client.next() == .pong([UInt8(number)]))
      }
      try await fixture.expectAlive()
    }
  }

  @Test(
    "Where the policy is to pause, everything arrives in order, no faster than the rate",
    arguments: ["/echo", "/echo-async"])
  func pause(_ target: String) async throws {
    try await withServer(
      ["messages-per-second=40", "messages-burst=5", "rate-policy=pause"]
    ) { fixture in
      let client = try await fixture.session(target)
      let begin = SystemClock.monotonic()
      var bytes: [UInt8] = []
      for number in 0..<45 { bytes += client.frame(.text, Array("\(number)".utf8)) }
      bytes += client.frame(.ping, [7])
      try await client.send(raw: bytes)
      // The pause itself is over after a second.
      try await eventually("a pause") { await fixture.count(.ratePauses) > 0 }
      // The pong does not wait for the asynchronous handler, which may echo the last text later.
      var texts: [TestClient.Received] = []
      var hasPong = false
      while texts.count < 45 || !hasPong {
        let received = try await client.next()
        if received == .pong([7]) { hasPong = true } else { texts.append(received) }
      }
      #expect(texts == (0..<45).map { .text("\($0)") })
      // 40 more than the burst, at 40 a second.
      #expect(begin.duration(to: SystemClock.monotonic()) > .milliseconds(950))
      #expect(!Self.isThrottled(fixture))
      #expect(await fixture.count(.ratePauses) > 0)
      try await eventually("empty buffers") { await fixture.bufferedByteCount == 0 }
    }
  }

  @Test("A rate far above the timer's steps is reached all the same, also without a burst")
  func fastRate() async throws {
    try await withServer(
      ["messages-per-second=5000", "messages-burst=1", "rate-policy=pause"]
    ) { fixture in
      let client = try await fixture.session()
      let begin = SystemClock.monotonic()
      var bytes: [UInt8] = []
      for _ in 0..<5000 { bytes += client.frame(.binary, [1]) }
      try await client.send(raw: bytes)
      for _ in 0..<5000 { #expect(try await client.next() == .binary([1])) }
      let took = begin.duration(to: SystemClock.monotonic())
      #expect(took > .milliseconds(900))
      // 5 000 steps of the timer would take 100 seconds.
      #expect(took < .seconds(60))
    }
  }

  @Test("What is beyond the rate stays with the peer, and all of it comes once the rate ends")
  func backPressure() async throws {
    let numbers = Recorder<Int>()
    try await withServer(
      ["bytes-per-second=1", "rate-policy=pause"]
    ) { router in
      try router.route("/count") { _ in
        ClosureHandler { message, _, _ in
          numbers.note(Int(message[0]) << 16 | Int(message[1]) << 8 | Int(message[2]))
          if message.count != 4000 { throw HandlerFailure() }
        }
      }
    } _: { fixture in
      let client = try await fixture.session("/count")
      var sent = 0
      var rest: [UInt8] = []
      // As much as the kernel takes on both sides.
      while rest.isEmpty {
        let number = [UInt8(sent >> 16), UInt8(sent >> 8 & 0xFF), UInt8(sent & 0xFF)]
        let frame = client.frame(.binary, number + pattern(3997))
        let count = client.sendNow(raw: frame)
        rest = Array(frame[count...])
        sent += 1
      }
      try await eventually("a pause") { Self.isThrottled(fixture) }
      #expect(sent > 20)
      #expect(numbers.count == 1)
      #expect(await fixture.bufferedByteCount <= Session.maximumRatedReadByteCount)
      #expect(
        try await fixture.server.changeLimits(
          LimitAssignments(set: [.bytesPerSecond: .off]), at: .engine))
      try await client.send(raw: rest)
      #expect(try await numbers.all(atLeast: sent) == Array(0..<sent))
      #expect(!Self.isThrottled(fixture))
      #expect(await fixture.count(.ratePauses) == 1)
    }
  }

  @Test("A pause is neither an unanswered ping nor idleness")
  func keepalive() async throws {
    try await withServer(["messages-per-second=1", "rate-policy=pause"]) { fixture in
      let client = try await fixture.session()
      try await client.send(raw: client.frame(.text, [65]) + client.frame(.text, [66]))
      // Not before the pause, or they would hold for a client that stands still ahead of it.
      try await eventually("a pause") { await fixture.count(.ratePauses) > 0 }
      let change = LimitAssignments(set: [
        .pingInterval: .amount(100), .pongTimeout: .amount(500), .idleTimeout: .amount(500),
      ])
      #expect(try await fixture.server.changeLimits(change, at: .engine))
      #expect(try await client.nextAnsweringPings() == .text("A"))
      #expect(try await client.nextAnsweringPings() == .text("B"))
    }
  }

  @Test("A paused session is closed by an operator at once, whose answer it still reads")
  func operatorCloses() async throws {
    try await withServer(
      ["messages-per-second=1", "rate-policy=pause", "close-timeout=10m"]
    ) { fixture in
      let client = try await fixture.session()
      // The peer's close frame waits behind messages: it comes into view by the close alone.
      var bytes: [UInt8] = []
      for _ in 0..<100 { bytes += client.frame(.text, [65]) }
      FrameEncoder.appendClose(.goingAway, reason: "", maskingKey: 1, to: &bytes)
      try await client.send(raw: bytes)
      #expect(try await client.next() == .text("A"))
      try await eventually("a pause") { Self.isThrottled(fixture) }
      let id = try fixture.onlySession().identity.id
      let code = CloseCode(rawValue: 4002)
      #expect(try await fixture.server.close([id], code: code, reason: "enough") == [.done])
      // A second may have passed meanwhile, and another message with it.
      var last = try await client.next()
      while case .text = last { last = try await client.next() }
      #expect(last == .close(4002, "enough"))
      #expect(try await client.readToEnd().end == .endOfStream)
      client.close()
      try await fixture.becomesEmpty()
      #expect(await fixture.closes(4002, by: .operator) == 1)
    }
  }

  @Test("A shutdown reaches a paused session")
  func shutdown() async throws {
    try await withServer(["messages-per-second=1", "rate-policy=pause"]) { fixture in
      let client = try await fixture.session()
      var bytes: [UInt8] = []
      for _ in 0..<100 { bytes += client.frame(.text, [65]) }
      try await client.send(raw: bytes)
      try await eventually("a pause") { Self.isThrottled(fixture) }
      async let shutDown: Void = fixture.server.shutDown(timeout: .seconds(10))
      var last = try await client.next()
      while case .text = last { last = try await client.next() }
      #expect(last == .close(1001, ""))
      try await client.sendClose(.goingAway)
      #expect(try await client.next() == .endOfStream)
      await shutDown
      #expect(await fixture.closes(1001, by: .shutdown) == 1)
    }
  }

  @Test("A peer that vanishes while it is paused is seen to be gone")
  func vanishes() async throws {
    try await withServer(
      ["messages-per-second=1", "messages-burst=1", "rate-policy=pause"]
    ) { fixture in
      let client = try await fixture.session()
      var bytes: [UInt8] = []
      for _ in 0..<1000 { bytes += client.frame(.text, [65]) }
      try await client.send(raw: bytes)
      try await eventually("a pause") { Self.isThrottled(fixture) }
      client.reset()
      try await fixture.becomesEmpty()
      #expect(await fixture.closes(1006, by: .network) == 1)
    }
  }

  @Test("A policy that changes to close holds for who is paused", arguments: LimitTests.levels)
  func policyChanges(_ level: String) async throws {
    try await withServer { fixture in
      let client = try await fixture.session()
      try await Self.change(
        [.messagesPerSecond: .amount(1), .ratePolicy: .choice("pause")], at: level, on: fixture)
      var bytes: [UInt8] = []
      for _ in 0..<100 { bytes += client.frame(.text, [65]) }
      try await client.send(raw: bytes)
      try await eventually("a pause") { Self.isThrottled(fixture) }
      try await Self.change([.ratePolicy: .choice("close")], at: level, on: fixture)
      while case .text = try await client.next() {}
      #expect(await fixture.closes(1008, by: .limit) == 1)
    }
  }

  @Test("A rate that is raised lets a paused session go on at once", arguments: LimitTests.levels)
  func rateIsRaised(_ level: String) async throws {
    try await withServer { fixture in
      let client = try await fixture.session()
      try await Self.change(
        [.bytesPerSecond: .amount(1), .ratePolicy: .choice("pause")], at: level, on: fixture)
      try await client.send(pattern(100_000))
      try await client.send("and on")
      try await eventually("a pause") { Self.isThrottled(fixture) }
      // A debt of hours, which is paid in a tenth of a second.
      try await Self.change([.bytesPerSecond: .amount(1_000_000)], at: level, on: fixture)
      #expect(try await client.nextAnsweringPings() == .binary(pattern(100_000)))
      #expect(try await client.nextAnsweringPings() == .text("and on"))
    }
  }

  @Test("Pauses leave one timer behind, not one each")
  func timers() async throws {
    try await withServer(
      ["messages-per-second=1000", "messages-burst=1", "rate-policy=pause"]
    ) { fixture in
      let client = try await fixture.session()
      var bytes: [UInt8] = []
      for _ in 0..<1500 { bytes += client.frame(.binary, [1]) }
      try await client.send(raw: bytes)
      for _ in 0..<1500 { #expect(try await client.next() == .binary([1])) }
      #expect(await fixture.count(.ratePauses) > 10)
      let handle = fixture.server.reactors[0]
      #expect((await handle.run { $0.reactor.deadlineCount } ?? .max) < 6)
    }
  }
}
