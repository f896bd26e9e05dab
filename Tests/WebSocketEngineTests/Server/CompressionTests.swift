import EventLoop
import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

@Suite("permessage-deflate over real sockets, RFC 7692", .limited, .timeLimit(.minutes(10)))
struct CompressionTests {
  static let offer = "permessage-deflate; client_max_window_bits"
  static let modes: [CompressionMode] = [.shared, .dedicated]

  /// Text that compresses, and differs from number to number.
  private func text(_ number: Int, byteCount: Int) -> [UInt8] {
    let line = "{\"number\":\(number),\"name\":\"somebody\",\"value\":\(number * 7919)},\n"
    let lines = String(repeating: line, count: byteCount / line.utf8.count + 1)
    return Array(lines.utf8.prefix(byteCount))
  }

  @Test(
    "Messages come back compressed and count as what they are uncompressed",
    arguments: modes, EchoTests.faces)
  func echo(_ mode: CompressionMode, _ target: String) async throws {
    try await withServer(["fragment-bytes=1000"], compression: mode) { fixture in
      let client = try await fixture.session(target, offering: Self.offer)
      let sizes = [0, 1, 127, 128, 129, 1000, 1024, 20_000, 65_536, 300_000, 1 << 20]
      var sum = 0
      for (number, size) in sizes.enumerated() {
        let message = text(number, byteCount: size)
        try await client.sendCompressed(number % 2 == 0 ? .text : .binary, message)
        let expected: TestClient.Received =
          number % 2 == 0 ? .text(String(decoding: message, as: UTF8.self)) : .binary(message)
        guard try await client.nextAnsweringPings() == expected else {
          Issue.record("\(size) bytes did not come back")
          return
        }
        sum += size
      }
      try await eventually("the counts") {
        let sample = try fixture.onlySession()
        return sample.messagesOut == sizes.count && sample.largestOut == 1 << 20
      }
      let sample = try fixture.onlySession()
      #expect(sample.flags.contains(.compressed))
      #expect(sample.bytesIn == sum && sample.bytesOut == sum)
      #expect(sample.largestIn == 1 << 20 && sample.largestOut == 1 << 20)
      #expect(sample.wireIn * 10 < sum && sample.wireOut * 10 < sum)
      let route = try #require(fixture.server.routePatterns.firstIndex(of: target))
      #expect(fixture.server.reactors[0].sizesOut[route].maximum == 1 << 20)
      #expect(fixture.server.reactors[0].sizesIn[route].maximum == 1 << 20)
    }
  }

  @Test(
    "The answer to an offer, by mode",
    arguments: [
      (.off, offer, nil), (.shared, nil, nil), (.shared, "x-webkit-deflate-frame", nil),
      (
        .shared, offer,
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
      ),
      (.dedicated, offer, "permessage-deflate; client_max_window_bits=12"),
      (
        .dedicated,
        "permessage-deflate; server_max_window_bits=7, permessage-deflate; server_max_window_bits=9",
        "permessage-deflate; server_max_window_bits=9"
      ),
    ] as [(CompressionMode, String?, String?)])
  func answer(_ mode: CompressionMode, _ offer: String?, _ answer: String?) async throws {
    try await withServer(compression: mode) { fixture in
      for target in EchoTests.faces {
        let client = try await fixture.client()
        let (head, _) = try await client.open(target, offering: offer)
        #expect(head.headers["Sec-WebSocket-Extensions"] == answer)
        let message = text(1, byteCount: 500)
        try await client.send(.text, message)
        let frame = try await client.nextFrame()
        #expect(frame.rsv1 == (answer != nil))
        client.close()
        try await fixture.becomesEmpty()
      }
    }
  }

  @Test(
    "Messages under the threshold and those that do not shrink leave as they are",
    arguments: modes, EchoTests.faces)
  func plain(_ mode: CompressionMode, _ target: String) async throws {
    try await withServer(["compress-from-bytes=300B"], compression: mode) { fixture in
      let client = try await fixture.session(target, offering: Self.offer)
      func isCompressed(_ message: [UInt8]) async throws -> Bool {
        try await client.send(message)
        let frame = try await client.nextFrame()
        #expect(frame.rsv1 || frame.payload == message)
        return frame.rsv1
      }
      #expect(try await !isCompressed(text(1, byteCount: 299)))
      #expect(try await isCompressed(text(1, byteCount: 300)))
      var generator = SeededGenerator(seed: 1)
      let noise = (0..<5000).map { _ in UInt8.random(in: 0...255, using: &generator) }
      #expect(try await !isCompressed(noise))
      // Set while the session is open: it holds from the next message on.
      let change = LimitAssignments(set: [.compressFromBytes: .amount(100)])
      #expect(try await fixture.server.changeLimits(change, at: .engine))
      #expect(try await isCompressed(text(1, byteCount: 299)))
      #expect(try await !isCompressed(text(1, byteCount: 99)))
    }
  }

  @Test(
    "A long compressed message leaves in fragments, marked on the first alone", arguments: modes)
  func fragments(_ mode: CompressionMode) async throws {
    try await withServer(["fragment-bytes=1000"], compression: mode) { fixture in
      let client = try await fixture.session(offering: Self.offer)
      // Half of the bits are noise, so that thousands of bytes are left of it.
      var generator = SeededGenerator(seed: 2)
      let message = (0..<30_000).map { _ in UInt8.random(in: 0...15, using: &generator) }
      try await client.send(message)
      var frames: [TestClient.Frame] = []
      repeat { frames.append(try await client.nextFrame()) } while frames.last?.isFinal == false
      #expect(frames.count > 10)
      #expect(frames.map(\.rsv1) == [true] + frames.dropFirst().map { _ in false })
      #expect(frames.map(\.opcode) == [2] + frames.dropFirst().map { _ in 0 })
      #expect(frames.dropLast().allSatisfy { $0.payload.count == 1000 })
      let bytes = frames.flatMap(\.payload)
      var inflated = ByteBuffer()
      try DeflateStreams().inflater.inflateMessage(
        bytes.span, into: &inflated, limit: message.count)
      #expect(inflated.withSpan { Array(copying: $0) } == message)
    }
  }

  @Test("A client that sends much before it reads gets all of it back", arguments: modes)
  func pipelining(_ mode: CompressionMode) async throws {
    try await withServer(
      ["backlog-bytes=64KiB"], compression: mode
    ) { fixture in
      let client = try await fixture.session(offering: Self.offer, receiveBufferByteCount: 4096)
      var generator = SeededGenerator(seed: 3)
      let messages = (0..<120).map { number in
        (0..<(number % 3 == 0 ? 50_000 : 3000)).map { _ in
          UInt8.random(in: 0...15, using: &generator)
        }
      }
      let bytes = try messages.flatMap { try client.compressedFrame(.binary, $0) }
      var (sent, received) = (0, 0)
      while received < messages.count {
        let taken = client.sendNow(raw: Array(bytes[sent...].prefix(1 << 16)))
        sent += taken
        guard taken == 0 else { continue }
        guard try await client.next() == .binary(messages[received]) else {
          Issue.record("message \(received) did not come back")
          return
        }
        received += 1
      }
    }
  }

  // MARK: What is sent to many

  @Test("A broadcast reaches everybody in the form that suits them", arguments: modes, [1, 2])
  func broadcast(_ mode: CompressionMode, _ reactors: Int) async throws {
    try await withServer(
      reactors: reactors, compression: mode, routes: RoomTests.routes
    ) { fixture in
      let offers: [String?] = [
        nil, Self.offer, "permessage-deflate; server_max_window_bits=9",
        "permessage-deflate; server_max_window_bits=8",
        "permessage-deflate; server_no_context_takeover", Self.offer,
      ]
      var clients: [TestClient] = []
      for offer in offers {
        clients.append(try await fixture.session("/room/a", offering: offer))
      }
      let rooms = fixture.server.rooms
      try await eventually("members") { rooms.memberCount(of: "a") == offers.count }
      for size in [20, 500, 5000, 200_000] {
        // With messages of their own between those to all, whose context they must not disturb.
        for round in 0..<2 {
          let message = text(size + round, byteCount: size)
          #expect(try await rooms.broadcast(message, as: .binary, to: "a") == offers.count)
          for client in clients { #expect(try await client.next() == .binary(message)) }
          let own = text(round, byteCount: 400)
          for id in await rooms.members(of: "a") {
            let outcome = await fixture.server.send(.message(own, .binary), to: [id])
            #expect(outcome == [.done])
          }
          for client in clients { #expect(try await client.next() == .binary(own)) }
        }
      }
    }
  }

  @Test("A message to many is compressed once for each window")
  func once() {
    let forms = CompressedForms()
    let message = text(1, byteCount: 2000)
    var made: [Int] = []
    for windowBits in [9, 12, 10, 9, 12, 10, 10] {
      let form = forms.form(windowBits: windowBits) {
        made.append(windowBits)
        // What did not become smaller is not tried again either.
        return windowBits == 10
          ? nil : Outgoing(message.span, as: .text, fragmentByteCount: 1000, compressedFrom: 9)
      }
      #expect((form == nil) == (windowBits == 10))
    }
    #expect(made == [9, 12, 10])
  }

  @Test("Who gets a message to many compressed, and how it counts")
  func forms() {
    let reactor = ReactorCompression()
    let message = text(1, byteCount: 2000)
    let account = ByteAccount()
    let outgoing = Outgoing(
      pushing: message.span, as: .text, fragmentByteCount: 1 << 16, sharedIn: account)
    func backlog(_ windowBits: Int?) -> Backlog {
      var backlog = Backlog()
      let parameters = windowBits.map { bits in
        DeflateParameters(
          serverNoContextTakeover: true, clientNoContextTakeover: true, serverMaxWindowBits: bits)
      }
      outgoing.append(to: &backlog, parameters.map(reactor.make))
      #expect(backlog.heldByteCount < 1000, "not the bytes that others have, too")
      return backlog
    }
    #expect(outgoing.byteCount == 2000)
    #expect(backlog(nil).byteCount == 2004 && backlog(8).byteCount == 2004)
    #expect((9...15).allSatisfy { backlog($0).byteCount < 500 })
    // The least window that holds the message is as good as any larger one.
    #expect((12...15).allSatisfy { backlog($0).byteCount == backlog(12).byteCount })
    let shared = [9, 12, 9].map { bits in
      reactor.make(
        DeflateParameters(
          serverNoContextTakeover: true, clientNoContextTakeover: true, serverMaxWindowBits: bits))
    }
    #expect(shared[0] === shared[2] && shared[0] !== shared[1])
    #expect(reactor.make(DeflateParameters()) !== reactor.make(DeflateParameters()))
  }

  // MARK: What is dropped

  @Test("Messages dropped at a full backlog leave no gap in a context", arguments: modes)
  func dropped(_ mode: CompressionMode) async throws {
    try await withServer(
      ["backlog-bytes=64KiB", "backlog-policy=drop"], compression: mode,
      routes: RoomTests.routes
    ) { fixture in
      let client = try await fixture.session(
        "/room/a", offering: Self.offer, receiveBufferByteCount: 4096)
      try await eventually("a member") { fixture.server.rooms.memberCount(of: "a") == 1 }
      let id = try #require(await fixture.server.rooms.members(of: "a").first)
      var generator = SeededGenerator(seed: 4)
      var sent: [[UInt8]] = []
      // What the socket takes first, then what the backlog does; the rest is dropped.
      var number = 0
      while await fixture.count(.droppedMessages) < 20, number < 3000 {
        let head = Array("\(number) ".utf8)
        let message = head + (0..<30_000).map { _ in UInt8.random(in: 0...15, using: &generator) }
        if await fixture.server.send(.message(message, .binary), to: [id]) != [.backlogFull] {
          sent.append(message)
        }
        number += 1
      }
      #expect(await fixture.count(.droppedMessages) == 20)
      for message in sent {
        guard try await client.next() == .binary(message) else {
          Issue.record("a message did not arrive")
          return
        }
      }
      // Nothing is owed any more: what is sent now is understood.
      let last = text(1, byteCount: 1000)
      #expect(await fixture.server.send(.message(last, .text), to: [id]) == [.done])
      #expect(try await client.next() == .text(String(decoding: last, as: UTF8.self)))
    }
  }

  @Test("A close behind dropped output still comes as a whole frame", arguments: modes)
  func closedWithBacklog(_ mode: CompressionMode) async throws {
    // Whatever part of it the kernel takes, the rest is within the limit.
    try await withServer(["backlog-bytes=64MiB"], compression: mode) { router in
      try router.route("/flood") { _ in
        ClosureHandler(received: { message, kind, session in
          for _ in 0..<60 { try session.send(message, as: kind) }
        })
      }
    } _: { fixture in
      let client = try await fixture.session(
        "/flood", offering: Self.offer, receiveBufferByteCount: 4096)
      var generator = SeededGenerator(seed: 5)
      let message = (0..<200_000).map { _ in UInt8.random(in: 0...15, using: &generator) }
      try await client.sendCompressed(.binary, message)
      try await eventually("a backlog") { try fixture.onlySession().backlog > 100_000 }
      let id = try fixture.onlySession().identity.id
      #expect(
        try await fixture.server.close([id], code: .goingAway, reason: "enough") == [.done])
      var received = try await client.next()
      while received == .binary(message) { received = try await client.next() }
      #expect(received == .close(1001, "enough"))
    }
  }

  // MARK: What is against the rules

  @Test(
    "What breaks the rules of compression closes with its code",
    arguments: [
      (nil, [0xC1, 0x80, 0, 0, 0, 0], 1002, "reserved-bits"),
      (offer, [0xC9, 0x80, 0, 0, 0, 0], 1002, "compressed-control-frame"),
      (offer, [0x02, 0x80, 0, 0, 0, 0, 0xC0, 0x80, 0, 0, 0, 0], 1002, "compressed-continuation"),
      (offer, [0xC2, 0x81, 0, 0, 0, 0, 0x07], 1007, "deflate-data-invalid"),
      // A stored block of one byte that is no UTF-8.
      (
        offer, [0xC1, 0x87, 0, 0, 0, 0, 0x00, 0x01, 0x00, 0xFE, 0xFF, 0xFF, 0x00], 1007,
        "text-not-utf8"
      ),
    ] as [(String?, [UInt8], UInt16, String)])
  func violation(
    _ offer: String?, _ bytes: [UInt8], _ code: UInt16, _ reason: String
  ) async throws {
    for mode in Self.modes {
      try await withServer(compression: mode) { fixture in
        let client = try await fixture.session(offering: offer)
        try await client.send(raw: bytes)
        #expect(try await client.next() == .close(code, reason))
        #expect(try await client.next() == .endOfStream)
        #expect(await fixture.closes(code, by: .protocolViolation) == 1)
        try await fixture.expectAlive()
      }
    }
  }

  @Test("A bomb costs 1009, and leaves nothing behind", arguments: modes, EchoTests.faces)
  func bomb(_ mode: CompressionMode, _ target: String) async throws {
    try await withServer(compression: mode) { fixture in
      let client = try await fixture.session(target, offering: Self.offer)
      let payload = try #require(
        client.compression?.deflate([UInt8](repeating: 0, count: 40 << 20).span) { bytes, _ in
          Array(copying: bytes)
        })
      #expect(payload.count < 200_000)
      try await client.send(raw: client.frame(.binary, payload, rsv1: true))
      #expect(try await client.nextAnsweringPings() == .close(1009, "message too big"))
      #expect(try await client.next() == .endOfStream)
      try await eventually("nothing held") { await fixture.bufferedByteCount == 0 }
      #expect(await fixture.closes(1009, by: .limit) == 1)
      try await fixture.expectAlive(target)
    }
  }

  @Test("A message at message-bytes passes whatever compression makes of it", arguments: modes)
  func atTheLimit(_ mode: CompressionMode) async throws {
    try await withServer(["message-bytes=10000B"], compression: mode) { fixture in
      let client = try await fixture.session(offering: Self.offer)
      var generator = SeededGenerator(seed: 6)
      let noise = (0..<10_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
      // A stored block, from a sender that compresses whatever there is.
      let stored: [UInt8] =
        [0, 0x10, 0x27, 0xEF, 0xD8] + noise + [0]
      try await client.send(raw: client.frame(.binary, stored, rsv1: true))
      #expect(try await client.nextAnsweringPings() == .binary(noise))
      try await client.sendCompressed(.binary, text(1, byteCount: 10_001))
      #expect(try await client.nextAnsweringPings() == .close(1009, "message too big"))
    }
  }
}
