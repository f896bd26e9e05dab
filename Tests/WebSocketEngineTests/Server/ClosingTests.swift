import EventLoop
import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

@Suite("Closing over real sockets, RFC 6455 §7", .limited, .timeLimit(.minutes(10)))
struct ClosingTests {
  @Test("The peer's code and reason reach handler and ledger, and are answered (B4)")
  func peerCloses() async throws {
    let closes = Recorder<SessionClose>()
    try await withServer { router in
      try router.route("/note") { _ in ClosureHandler(closed: { close, _ in closes.note(close) }) }
      try router.webSocket("/note-async") { socket in
        try await socket.accept()
        while true {
          guard case .close(let close) = try await socket.receive() else { continue }
          return closes.note(close)
        }
      }
    } _: { fixture in
      for target in ["/note", "/note-async"] {
        let client = try await fixture.session(target)
        try await client.sendClose(CloseCode(rawValue: 4321), "that is all, 再见")
        #expect(try await client.next() == .close(4321, "that is all, 再见"))
        #expect(try await client.next() == .endOfStream)
      }
      let noted = try await closes.all(atLeast: 2)
      let expected = SessionClose(
        code: CloseCode(rawValue: 4321), reason: "that is all, 再见", initiator: .peer)
      #expect(noted == [expected, expected])
      #expect(await fixture.closes(4321, by: .peer) == 2)
    }
  }

  @Test("A close without a code counts as 1005 and is answered with an empty one, RFC 6455 §7.1.5")
  func peerClosesWithoutCode() async throws {
    try await withServer { fixture in
      let client = try await fixture.session()
      try await client.sendClose(nil)
      #expect(try await client.next() == .close(nil, ""))
      #expect(try await client.next() == .endOfStream)
      #expect(await fixture.closes(1005, by: .peer) == 1)
    }
  }

  @Test("A handler's code and reason reach the peer, behind everything it sent before (B4)")
  func handlerCloses() async throws {
    let closes = Recorder<SessionClose>()
    let long = pattern(3 << 20)
    try await withServer(["message-bytes=4MiB"]) { router in
      try router.route("/sync") { _ in
        ClosureHandler(
          received: { _, _, session in
            try session.send("first")
            try session.send(long.span, as: .binary)
            try session.close(CloseCode(rawValue: 4000), reason: "done")
          }, closed: { close, _ in closes.note(close) })
      }
      try router.webSocket("/async") { socket in
        try await socket.accept()
        _ = try await socket.receive()
        try await socket.send("first")
        try await socket.send(long)
        try await socket.close(CloseCode(rawValue: 4000), reason: "done")
        if case .close(let close) = try await socket.receive() { closes.note(close) }
      }
    } _: { fixture in
      for target in ["/sync", "/async"] {
        let client = try await fixture.session(target, receiveBufferByteCount: 4096)
        try await client.send("go")
        #expect(try await client.next() == .text("first"))
        guard case .binary(let bytes) = try await client.next() else {
          Issue.record("no message")
          return
        }
        #expect(areEqual(bytes, long))
        #expect(try await client.next() == .close(4000, "done"))
        try await client.sendClose(CloseCode(rawValue: 4000))
        #expect(try await client.next() == .endOfStream)
      }
      #expect(try await closes.all(atLeast: 2).allSatisfy { $0.initiator == .handler })
      #expect(await fixture.closes(4000, by: .handler) == 2)
    }
  }

  @Test("An operator's close drops queued output after the frame in flight, and counts it")
  func operatorCloses() async throws {
    // More in all than the kernel takes.
    let block = pattern(1_000_000)
    try await withServer(["backlog-bytes=64MiB"]) { router in
      try router.route("/push") { _ in
        ClosureHandler { _, _, session in
          for _ in 0..<8 { try session.send(block.span, as: .binary) }
        }
      }
    } _: { fixture in
      let client = try await fixture.session("/push", receiveBufferByteCount: 4096)
      try await client.send("go")
      try await eventually("a backlog") { fixture.samples.first.map { $0.backlog > 0 } ?? false }
      let id = try fixture.onlySession().identity.id
      let outcomes = try await fixture.server.close(
        [id], code: CloseCode(rawValue: 4001), reason: "operator")
      #expect(outcomes == [.done])
      var whole = 0
      var last: TestClient.Frame
      repeat {
        last = try await client.nextFrame()
        if last.opcode < 8, last.isFinal { whole += 1 }
      } while last.opcode != 8
      #expect(last.payload == [0x0F, 0xA1] + Array("operator".utf8))
      #expect(whole < 8)
      #expect(await fixture.count(.droppedMessages) == 8 - whole)
      #expect(await fixture.closes(4001, by: .operator) == 1)
      try await client.sendClose(CloseCode(rawValue: 4001))
      #expect(try await client.readToEnd().end == .endOfStream)
    }
  }

  @Test("An operator's close finds the peer's behind messages that no handler takes")
  func operatorClosesUnread() async throws {
    let gate = Recorder<Void>()
    try await withServer(["close-timeout=10m"]) { router in
      try router.webSocket("/deaf") { socket in
        try await socket.accept()
        try await eventually("the gate") { gate.count > 0 }
      }
    } _: { fixture in
      let client = try await fixture.session("/deaf")
      var bytes: [UInt8] = []
      for _ in 0..<1000 { bytes += client.frame(.text, [65]) }
      FrameEncoder.appendClose(.goingAway, reason: "", maskingKey: 1, to: &bytes)
      try await client.send(raw: bytes)
      try await eventually("a full inbox") {
        await fixture.count(.messagesIn) == Inbox.maximumMessageCount
      }
      let id = try fixture.onlySession().identity.id
      _ = try await fixture.server.close([id], code: .policyViolation, reason: "deaf")
      #expect(try await client.next() == .close(1008, "deaf"))
      #expect(try await client.next() == .endOfStream)
      gate.note(())
    }
  }

  @Test("An operator's acts on sessions that are closing or gone say so")
  func operatorOutcomes() async throws {
    try await withServer { fixture in
      let client = try await fixture.session()
      let id = try fixture.onlySession().identity.id
      #expect(
        await fixture.server.send(.message(Array("hello".utf8), .text), to: [id]) == [.done])
      #expect(try await client.next() == .text("hello"))
      #expect(await fixture.server.send(.ping, to: [id]) == [.done])
      guard case .ping(let payload) = try await client.next() else {
        Issue.record("no ping")
        return
      }
      try await client.send(.pong, payload)
      try await eventually("a round trip") { try fixture.onlySession().roundTripLast != nil }
      _ = try await fixture.server.close([id], code: .normalClosure, reason: "")
      #expect(await fixture.server.send(.ping, to: [id]) == [.notOpen])
      #expect(
        try await fixture.server.close([id], code: .normalClosure, reason: "") == [.notOpen])
      await #expect(throws: CloseError.invalidCode(.abnormalClosure)) {
        try await fixture.server.close([id], code: .abnormalClosure, reason: "")
      }
      client.close()
      try await fixture.becomesEmpty()
      #expect(await fixture.server.send(.ping, to: [id]) == [.noSuchSession])
      let other = SessionID(sequence: 1, reactor: 63)
      #expect(
        await fixture.server.send(.ping, to: [other, id]) == [.noSuchSession, .noSuchSession])
    }
  }

  @Test("Unread input does not reset the connection over the close frame (design §4.8)")
  func unreadInput() async throws {
    try await withServer(["message-bytes=1000"]) { fixture in
      let client = try await fixture.session()
      try await client.send(raw: [0x82, 0xFF, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4])
      try await client.send(raw: pattern(8 << 20))
      #expect(try await client.next() == .close(1009, "message too big"))
      #expect(try await client.next() == .endOfStream)
      #expect(await fixture.closes(1009, by: .limit) == 1)
    }
  }

  @Test("Behind its close frame a session answers no ping, RFC 6455 §5.5.1")
  func pingBehindClose() async throws {
    try await withServer { router in
      try router.route("/bye") { _ in
        ClosureHandler { _, _, session in try session.close(CloseCode(rawValue: 4000)) }
      }
    } _: { fixture in
      let client = try await fixture.session("/bye")
      try await client.send("bye")
      try await client.send(.ping, [1, 2])
      try await client.sendClose(CloseCode(rawValue: 4000))
      // As they come: a client that has seen the close looks at nothing behind it.
      let (bytes, end) = try await client.read(atMost: 64)
      #expect(bytes == [0x88, 2, 0x0F, 0xA0] && end == .endOfStream)
    }
  }

  @Test("A peer that goes on sending behind the end is cut, whatever time it has to answer")
  func flooded() async throws {
    try await withServer(["close-timeout=10m"]) { fixture in
      let client = try await fixture.session()
      // Reserved bits, which nobody negotiated.
      try await client.send(raw: [0xF1])
      guard case .close(1002, _) = try await client.next() else {
        Issue.record("the violation is not answered")
        return
      }
      let block = Array(repeating: UInt8(0), count: 256 << 10)
      var sentCount = 0
      try await eventually("the cut") {
        if sentCount < 2 * Session.maximumDiscardedByteCount {
          sentCount += client.sendNow(raw: block)
        }
        return await fixture.server.reactors.first?.run { $0.sessions.values.map(\.id) } == []
      }
      #expect(sentCount > Session.maximumDiscardedByteCount)
    }
  }

  @Test("A peer that never answers the close is cut at close-timeout")
  func unanswered() async throws {
    try await withServer(["close-timeout=100ms"]) { fixture in
      let client = try await fixture.session()
      let id = try fixture.onlySession().identity.id
      _ = try await fixture.server.close([id], code: .goingAway, reason: "")
      try await fixture.becomesEmpty()
      #expect(try await client.next() == .close(1001, ""))
      #expect(await fixture.closes(1001, by: .operator) == 1)
    }
  }

  @Test("A slow reader gets all that was sent before the close, for longer than close-timeout")
  func slowReader() async throws {
    let long = pattern(1 << 20)
    // More than the kernel's buffers take, so that the end waits for the reader.
    let count = 16
    try await withServer(["close-timeout=2s", "backlog-bytes=64MiB"]) { router in
      try router.route("/long") { _ in
        ClosureHandler { _, _, session in
          for _ in 0..<count { try session.send(long.span, as: .binary) }
          try session.close(CloseCode(rawValue: 4000), reason: "done")
        }
      }
    } _: { fixture in
      let client = try await fixture.session("/long", receiveBufferByteCount: 256 << 10)
      try await client.send("go")
      // Longer than the time-out in all, each pause shorter than it.
      let start = SystemClock.monotonic()
      let read = await client.readSlowly(
        count * (10 + long.count) + 8, step: 256 << 10, every: .milliseconds(60))
      #expect(start.duration(to: read.end) > .seconds(3))
      for _ in 0..<count {
        guard case .binary(let bytes) = try await client.next() else {
          Issue.record("no message")
          return
        }
        #expect(areEqual(bytes, long))
      }
      #expect(try await client.next() == .close(4000, "done"))
    }
  }

  @Test("What the kernel holds for a slow reader at the close is not lost, though the peer goes on")
  func slowReaderOfKernel() async throws {
    let part = pattern(8 << 10)
    let count = 16
    try await withServer(["close-timeout=1s"]) { router in
      try router.route("/long") { _ in
        ClosureHandler { _, _, session in
          for _ in 0..<count { try session.send(part.span, as: .binary) }
          try session.close(CloseCode(rawValue: 4000), reason: "done")
        }
      }
    } _: { fixture in
      let client = try await fixture.session("/long", receiveBufferByteCount: 4096)
      try await client.send("go")
      // Longer than the time-out in all, each pause shorter than it. What is said to a connection
      // that was given up resets it, and what is not read yet is gone.
      _ = await client.readSlowly(
        count * (4 + part.count) + 8, step: 4 << 10, every: .milliseconds(50),
        saying: client.frame(.pong, []))
      for _ in 0..<count { #expect(try await client.next() == .binary(part)) }
      #expect(try await client.next() == .close(4000, "done"))
    }
  }

  @Test(
    "A peer that reads rarely before the close lives between, and is cut once it reads no more",
    .inTheClear)
  func rareReader() async throws {
    let long = pattern(1 << 20)
    try await withServer(["close-timeout=1s", "backlog-bytes=64MiB"]) { router in
      try router.route("/long") { _ in
        ClosureHandler { _, _, session in
          for _ in 0..<16 { try session.send(long.span, as: .binary) }
          try session.close(CloseCode(rawValue: 4000), reason: "done")
        }
      }
    } _: { fixture in
      let journal = try #require(fixture.server.reactors.first).journal
      journal.observe()
      let client = try await fixture.session("/long", receiveBufferByteCount: 64 << 10)
      try await client.send("go")
      // Its window opens every third time-out alone, of ten that its kernel answers for.
      let read = await client.readSlowly(
        1 << 20, step: 96 << 10, every: .milliseconds(2500), for: .seconds(7))
      #expect(read.byteCount > 0)
      try await fixture.becomesEmpty()
      let ends = journal.takeAll().entries.compactMap { entry in
        if case .closed(let session) = entry { session.closedAt } else { nil }
      }
      #expect(try read.end.duration(to: #require(ends.first)) > .seconds(5))
      #expect(await fixture.closes(4000, by: .handler) == 1)
    }
  }

  @Test("A client that vanishes: 1006 by the network", arguments: ["/echo", "/echo-async"])
  func vanishes(_ target: String) async throws {
    try await withServer { fixture in
      try await fixture.session(target).reset()
      try await eventually("the end") { await fixture.closes(1006, by: .network) == 1 }
      let client = try await fixture.session(target)
      try await client.send(raw: [0x81])
      client.finishSending()
      #expect(try await client.next() == .endOfStream)
      #expect(await fixture.closes(1006, by: .network) == 2)
    }
  }

  @Test("A handler that throws after it accepted: 1011 without a word, and the log has it (B3)")
  func handlerFails() async throws {
    try await withServer { router in
      try router.route("/received") { _ in ClosureHandler { _, _, _ in throw HandlerFailure() } }
      try router.route("/opened") { _ in ClosureHandler(opened: { _ in throw HandlerFailure() }) }
      try router.webSocket("/async") { socket in
        try await socket.accept()
        _ = try await socket.receive()
        throw HandlerFailure()
      }
    } _: { fixture in
      for target in ["/received", "/opened", "/async"] {
        let client = try await fixture.session(target)
        try await client.send("go")
        #expect(try await client.next() == .close(1011, ""))
        client.close()
      }
      #expect(await fixture.closes(1011, by: .handler) == 3)
      #expect(fixture.log.all.filter { $0.contains("the handler's own words") }.count == 3)
      try await fixture.expectAlive()
    }
  }

  @Test("What a handler throws once it has closed is logged too (B3)")
  func handlerFailsAfterClose() async throws {
    try await withServer { router in
      try router.route("/sync") { _ in
        ClosureHandler { _, _, session in
          try session.close(CloseCode(rawValue: 4002))
          throw HandlerFailure()
        }
      }
      try router.webSocket("/async") { socket in
        try await socket.accept()
        try await socket.close(CloseCode(rawValue: 4002))
        throw HandlerFailure()
      }
      try router.webSocket("/ordinary") { socket in
        try await socket.accept()
        while true { _ = try await socket.receive() }
      }
    } _: { fixture in
      for target in ["/sync", "/async"] {
        let client = try await fixture.session(target)
        try await client.send("go")
        #expect(try await client.next() == .close(4002, ""))
      }
      let client = try await fixture.session("/ordinary")
      try await client.sendClose(.normalClosure)
      _ = try await client.readToEnd()
      try await eventually("two lines") { fixture.log.count >= 2 }
      #expect(fixture.log.all.allSatisfy { $0.contains("the handler's own words") })
    }
  }

  @Test("Messages and a close frame that came before the end of the stream all count")
  func endOfStreamBehindPause() async throws {
    let gate = Recorder<Void>()
    let seen = Recorder<Message>()
    try await withServer { router in
      try router.webSocket("/slow") { socket in
        try await socket.accept()
        try await eventually("the gate") { gate.count > 0 }
        while true {
          let message = try await socket.receive()
          seen.note(message)
          if case .close = message { return }
        }
      }
    } _: { fixture in
      let client = try await fixture.session("/slow")
      var bytes: [UInt8] = []
      for number in 0..<400 { bytes += client.frame(.text, Array("\(number)".utf8)) }
      try await client.send(raw: bytes)
      try await client.sendClose(.goingAway, "bye")
      client.finishSending()
      try await eventually("a full inbox") {
        await fixture.count(.messagesIn) >= Inbox.maximumMessageCount
      }
      gate.note(())
      let messages = try await seen.all(atLeast: 401)
      #expect(messages.dropLast() == ArraySlice((0..<400).map { Message.text("\($0)") }))
      #expect(
        messages.last
          == .close(SessionClose(code: .goingAway, reason: "bye", initiator: .peer)))
    }
  }

  @Test("What is owed still arrives when the peer has closed and ended its sending side")
  func halfClosed() async throws {
    try await withServer { fixture in
      let client = try await fixture.session(receiveBufferByteCount: 4096)
      let block = pattern(1 << 20)
      try await client.send(block)
      try await client.sendClose(.normalClosure)
      client.finishSending()
      guard case .binary(let bytes) = try await client.next() else {
        Issue.record("no message")
        return
      }
      #expect(areEqual(bytes, block))
      #expect(try await client.next() == .close(1000, ""))
    }
  }
}
