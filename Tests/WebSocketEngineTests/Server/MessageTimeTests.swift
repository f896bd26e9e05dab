import EventLoop
import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

@Suite("Time for a message, and for a slow reader", .limited, .timeLimit(.minutes(10)))
struct MessageTimeTests {
  @Test(
    "A message that was begun and is not finished in time closes with 1008, pings or not",
    arguments: ["a fragment", "a part of a frame", "a part of a header"])
  func unfinished(_ what: String) async throws {
    try await withServer(["message-timeout=200ms"]) { fixture in
      let client = try await fixture.session()
      try await client.send("a whole one first")
      #expect(try await client.next() == .text("a whole one first"))
      switch what {
      case "a fragment": try await client.send(.text, [97], isFinal: false)
      case "a part of a frame":
        try await client.send(raw: Array(client.frame(.text, [97, 98, 99]).dropLast()))
      default: try await client.send(raw: [0x81])
      }
      var received = TestClient.Received.endOfStream
      repeat {
        if what == "a fragment" { try await client.send(.ping, [1]) }
        received = try await client.next()
      } while received == .pong([1])
      #expect(received == .close(1008, "message too slow"))
      #expect(await fixture.closes(1008, by: .timeout) == 1)
    }
  }

  @Test("It holds also for a message that was begun before it was set; whole ones are no matter")
  func setLater() async throws {
    try await withServer { fixture in
      let slow = try await fixture.session()
      let other = try await fixture.session()
      try await slow.send(.text, [97], isFinal: false)
      try await eventually("the fragment") { await fixture.bufferedByteCount > 0 }
      let change = LimitAssignments(set: [.messageTimeout: .amount(200)])
      #expect(try await fixture.server.changeLimits(change, at: .engine))
      #expect(try await slow.next() == .close(1008, "message too slow"))
      try await other.send("still here")
      #expect(try await other.next() == .text("still here"))
    }
  }

  @Test("The time of a message begins with it, also if it comes right behind another one")
  func another() async throws {
    try await withServer(["message-timeout=60s"]) { fixture in
      let client = try await fixture.session()
      func began() async throws -> Instant? {
        let found = await fixture.server.reactors.first?.run { reactor in
          reactor.sessions.values.map { $0.extras?.messageBegan }.first
        }
        return try #require(found ?? nil)
      }
      try await client.send(.text, [97], isFinal: false)
      try await eventually("the fragment") { await fixture.bufferedByteCount > 0 }
      let first = try #require(try await began())
      try await client.send(
        raw: client.frame(.continuation, [98]) + client.frame(.text, [99], isFinal: false))
      #expect(try await client.next() == .text("ab"))
      #expect(try #require(try await began()) > first)
      try await client.send(.continuation, [100])
      #expect(try await client.next() == .text("cd"))
      #expect(try await began() == nil)
    }
  }

  @Test("Once its handler's inbox has room again a peer has the whole time for its pong")
  func inboxPause() async throws {
    let flags = ["ping-interval=60s", "pong-timeout=30s", "idle-timeout=off"]
    try await withServer(flags) { fixture in
      let client = try await fixture.session()
      func deadline(_ change: @escaping @Sendable (Session) throws -> Void) async throws -> Instant
      {
        let found = await fixture.server.reactors.first?.run { reactor -> Instant? in
          guard let session = reactor.sessions.values.first(where: { _ in true }) else {
            return nil
          }
          do {
            try change(session)
          } catch {
            return nil
          }
          return session.keepalive.deadline(
            under: session.limits.keepalive, lastMessage: reactor.now)
        }
        return try #require(found ?? nil)
      }
      let before = try await deadline {
        $0.setInboxPause(true)
        try $0.pingNow()
      }
      #expect(try await deadline { $0.setInboxPause(false) } > before)
      withExtendedLifetime(client) {}
    }
  }

  @Test(
    "A peer that reads slowly lives as long as its TCP takes bytes, and no longer", .inTheClear,
    // The second one's window opens every third time-out alone.
    arguments: [(4000, Duration.milliseconds(5)), (96 << 10, .seconds(3))])
  func slowReader(_ step: Int, _ pause: Duration) async throws {
    let long = pattern(6 << 20)
    try await withServer(
      [
        "message-bytes=8MiB", "backlog-bytes=16MiB", "ping-interval=100ms", "pong-timeout=1s",
      ],
      routes: { router in
        try router.route("/long") { _ in
          ClosureHandler(opened: { try $0.send(long.span, as: .binary) })
        }
      }
    ) { fixture in
      let journal = try #require(fixture.server.reactors.first).journal
      journal.observe()
      let client = try await fixture.session("/long", receiveBufferByteCount: 64 << 10)
      // Far longer than the time-out allows for a pong, which lies behind all of this. Ten
      // time-outs are enough for a reader that stands still for a while.
      let read = await client.readSlowly(
        long.count / 2, step: step, every: pause, for: .seconds(10))
      #expect(read.byteCount > 100_000)
      // It stops: what its TCP holds is full, and stays so. Its kernel answers for ten time-outs.
      try await fixture.becomesEmpty()
      #expect(await fixture.closes(1006, by: .timeout) == 1)
      let ends = journal.takeAll().entries.compactMap { entry in
        if case .closed(let session) = entry { session.closedAt } else { nil }
      }
      #expect(try read.end.duration(to: #require(ends.first)) > .seconds(3))
    }
  }

  @Test(
    "Compressed bytes that inflate to nothing count against message-bytes",
    arguments: [1, 8192])
  func emptyBlocks(_ blocksPerFrame: Int) async throws {
    try await withServer(["message-bytes=64KiB"], compression: .dedicated) { fixture in
      let client = try await fixture.session(offering: CompressionTests.offer)
      // A stored block of no bytes, RFC 1951 §3.2.4.
      let block: [UInt8] = [0, 0, 0, 0xFF, 0xFF]
      let payload = Array(repeatElement(block, count: blocksPerFrame).joined())
      try await client.send(raw: client.frame(.text, payload, isFinal: false, rsv1: true))
      var sent = payload.count
      while await fixture.closes(1009, by: .limit) == 0 {
        try #require(sent < 1 << 20, "nothing ends it")
        // The end may come while it sends.
        do {
          try await client.send(raw: client.frame(.continuation, payload, isFinal: false))
        } catch is SystemError { break }
        sent += payload.count
      }
      try await eventually("the end") { await fixture.closes(1009, by: .limit) == 1 }
    }
  }

  @Test("They count against bytes-per-second")
  func emptyBlocksRated() async throws {
    try await withServer(
      ["message-bytes=1MiB", "bytes-per-second=64KiB"], compression: .dedicated
    ) { fixture in
      let client = try await fixture.session(offering: CompressionTests.offer)
      let block: [UInt8] = [0, 0, 0, 0xFF, 0xFF]
      // The last one without its end, which the message's end stands for (RFC 7692 §7.2.1).
      let payload = Array(repeatElement(block, count: 10_000).joined()) + [0]
      var count = 0
      while await fixture.closes(1008, by: .limit) == 0 {
        try #require(count < 1000, "nothing ends it")
        // The end may come while it sends.
        do {
          try await client.send(raw: client.frame(.text, payload, rsv1: true))
        } catch is SystemError { break }
        count += 1
      }
      try await eventually("the end") { await fixture.closes(1008, by: .limit) == 1 }
    }
  }
}
