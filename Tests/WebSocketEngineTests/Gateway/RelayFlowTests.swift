import EventLoop
import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

@Suite(
  "What a relayed session holds, and what stands beside it", .limited, .timeLimit(.minutes(10)))
struct RelayFlowTests {
  @Test("A client that does not read stops its upstream, and gets everything later")
  func backPressure() async throws {
    try await withRelay(["message-bytes=1MiB", "backlog-bytes=256KiB"]) {
      gateway, client, upstream in
      let message = pattern(60_000)
      let frame = upstream.frame(.binary, message)
      var sent = 0
      /// Sends as much of message after message as is taken now.
      func sendMore() -> Int {
        var count = 0
        while true {
          let taken = upstream.sendNow(raw: Array(frame[(sent % frame.count)...]))
          guard taken > 0 else { return count }
          sent += taken
          count += taken
        }
      }
      // The kernel's buffers and the engine's fill; then nothing more is taken.
      try await eventually("an upstream that is not read from") {
        // The engine pauses at half of backlog-bytes: what the kernel takes then, it keeps.
        let isPaused = try gateway.onlySession().backlog > 128 << 10
        return sendMore() == 0 && isPaused
      }
      #expect(await gateway.bufferedByteCount < 2 << 20)
      var receivedCount = 0
      while sent % frame.count != 0 || receivedCount < sent / frame.count {
        if sent % frame.count != 0 {
          sent += upstream.sendNow(raw: Array(frame[(sent % frame.count)...]))
        }
        guard receivedCount < sent / frame.count else { continue }
        #expect(try await client.next() == .binary(message))
        receivedCount += 1
      }
    }
  }

  @Test("An operator's message waits for the end of one that is relayed in parts")
  func operatorsMessage() async throws {
    try await withRelay { gateway, client, upstream in
      let message = pattern(300_000)
      let frame = upstream.frame(.binary, message)
      try await upstream.send(raw: Array(frame[..<100_000]))
      let id = try gateway.onlySession().identity.id
      try await eventually("the first part") { try gateway.onlySession().wireOut > 50_000 }
      let outcome = await gateway.server.send(.message(Array("hello".utf8), .text), to: [id])
      #expect(outcome.count == 1 && (outcome.first == .done || outcome.first == .queued))
      try await upstream.send(raw: Array(frame[100_000...]))
      #expect(try await client.next() == .binary(message))
      #expect(try await client.next() == .text("hello"))
    }
  }

  @Test("A relayed session takes two descriptors, and gives both back")
  func descriptors() async throws {
    try await withRelay { gateway, client, upstream in
      let admission = gateway.server.admission
      #expect(admission.maximumSessionCount == admission.availableSessionCount - 1)
      try await client.sendClose(.normalClosure)
      _ = try await upstream.next()
      try await upstream.sendClose(.normalClosure)
      #expect(try await upstream.next() == .endOfStream)
      upstream.close()
      client.close()
      try await eventually("the descriptor back") {
        admission.maximumSessionCount == admission.availableSessionCount
      }
      try await gateway.becomesEmpty()
    }
  }

  @Test("The statistics of a relayed session count what passed, once")
  func statistics() async throws {
    try await withRelay { gateway, client, upstream in
      for size in [10, 200_000] {
        try await client.send(pattern(size))
        #expect(try await upstream.next() == .binary(pattern(size)))
        try await upstream.send(pattern(size + 1))
        #expect(try await client.next() == .binary(pattern(size + 1)))
      }
      await gateway.turnsEnd()
      let sample = try gateway.onlySession()
      #expect(sample.messagesIn == 2 && sample.messagesOut == 2)
      #expect(sample.bytesIn == 200_010 && sample.bytesOut == 200_012)
      #expect(sample.largestIn == 200_000 && sample.largestOut == 200_001)
      let counts = try #require(gateway.server.upstreamPools.first?.pool.upstreams.first)
        .traffic.counts
      #expect(counts.messagesIn == 2 && counts.messagesOut == 2)
      #expect(counts.bytesIn == 200_012 && counts.bytesOut == 200_010)
      #expect(await gateway.count(.messagesIn) == 2)
    }
  }

  @Test("A change of message-bytes holds for both directions of an open session")
  func changedLimit() async throws {
    try await withRelay { gateway, client, upstream in
      try await client.send("first")
      #expect(try await upstream.next() == .text("first"))
      _ = try await gateway.server.changeLimits(
        LimitAssignments(set: [.messageBytes: .amount(10)]), at: .engine)
      try await upstream.send(pattern(11))
      #expect(try await upstream.next() == .close(1009, "message too big"))
      #expect(try await client.next() == .close(1001, "upstream: over message-bytes"))
    }
  }

  @Test("A rate that is set while it runs holds for the client, and not for its upstream")
  func changedRate() async throws {
    try await withRelay(["rate-policy=pause"]) { gateway, client, upstream in
      try await client.send("first")
      #expect(try await upstream.next() == .text("first"))
      _ = try await gateway.server.changeLimits(
        LimitAssignments(set: [.bytesPerSecond: .amount(1000)]), at: .engine)
      // At that rate all of it would take ten minutes.
      let message = pattern(300_000)
      let frame = upstream.frame(.binary, message)
      for number in 0..<2 {
        try await upstream.send(raw: Array(frame[..<100_000]))
        try await eventually("the first part") {
          try gateway.onlySession().wireOut > number * 300_000 + 50_000
        }
        try await upstream.send(raw: Array(frame[100_000...]))
        #expect(try await client.next() == .binary(message))
      }
      for _ in 0..<2 { try await client.send(pattern(10_000)) }
      try await eventually("a client that is held") {
        try gateway.onlySession().flags.contains(.throttled)
      }
    }
  }

  @Test("The engine's own pings are answered by each side, and pass to neither")
  func ownPings() async throws {
    try await withRelay(["ping-interval=100ms", "pong-timeout=10m"]) { gateway, client, upstream in
      guard case .ping(let toClient) = try await client.next() else {
        Issue.record("the client is pinged first of all")
        return
      }
      guard case .ping(let toUpstream) = try await upstream.next() else {
        Issue.record("the upstream is pinged first of all")
        return
      }
      try await client.send(.pong, toClient)
      try await upstream.send(.pong, toUpstream)
      try await eventually("a round trip") { try gateway.onlySession().roundTripLast != nil }
      try await client.send("behind")
      while true {
        let received = try await upstream.next()
        if case .ping = received { continue }
        #expect(received == .text("behind"))
        break
      }
    }
  }

  @Test("Many sessions one after the other leave nothing behind")
  func many() async throws {
    let upstream = try FakeUpstream()
    try await withGateway(to: upstream.port) { gateway in
      for number in 0..<100 {
        let client = try await gateway.client()
        let peer = try await client.open(through: upstream)
        switch number % 4 {
        case 0: client.reset()
        case 1: peer.reset()
        case 2: client.finishSending()
        default: peer.finishSending()
        }
        if number % 2 == 0 { _ = try await peer.next() } else { _ = try await client.next() }
      }
      try await gateway.becomesEmpty()
      try await eventually("no connection to the upstream") {
        await gateway.count(.upstreamsNow) == 0
      }
      #expect(
        gateway.server.admission.maximumSessionCount
          == gateway.server.admission.availableSessionCount)
    }
  }
}
