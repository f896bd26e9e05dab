import Dispatch
import EventLoop
import Foundation
import Glibc
import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

@Suite("One client and all others", .limited, .timeLimit(.minutes(10)))
struct FairnessTests {
  /// A reactor that does nothing until it is let go, so that what comes meanwhile comes at once.
  private struct HeldReactor {
    private let gate = DispatchSemaphore(value: 0)

    init(_ handle: ReactorHandle) async {
      await withCheckedContinuation { continuation in
        handle.post { [gate] _ in
          continuation.resume()
          gate.wait()
        }
      }
    }

    func letGo() { gate.signal() }
  }

  /// `/trace`: notes which path each message came by; `/room/{room}`: a chat without echo.
  private static func routes(_ router: inout Router, _ trace: Recorder<String>) throws {
    for path in ["/flood", "/quiet"] {
      try router.route(path) { _ in
        ClosureHandler { message, kind, session in
          trace.note(path)
          try session.send(message, as: kind)
        }
      }
    }
    try chat(&router)
  }

  /// `/room/{room}`: what a member sends, the others get.
  static func chat(_ router: inout Router) throws {
    try router.route("/room/{room}") { request in
      let room = request.parameters["room"] ?? ""
      return ClosureHandler(
        received: { try $2.broadcast($0, as: $1, to: room) }, opened: { try $0.join(room) })
    }
  }

  /// Waits until all that a client sent is there for its reactor: a busy kernel delivers
  /// later, also on the loopback.
  private static func arrives(from client: TestClient) async throws {
    try await eventually("what was sent") { Socket.untakenByteCount(client.descriptor) == 0 }
  }

  @Test(
    "A message of another is answered after one turn's worth of a flood",
    arguments: ["messages", "pings", "compressed"])
  func flood(_ kind: String) async throws {
    let trace = Recorder<String>()
    try await withServer(["message-bytes=4MiB"], routes: { try Self.routes(&$0, trace) }) {
      fixture in
      let flood = try await fixture.session("/flood", offering: CompressionTests.offer)
      let quiet = try await fixture.session("/quiet")
      let handle = try #require(fixture.server.reactors.first)
      var bytes: [UInt8] = []
      switch kind {
      case "messages": for _ in 0..<20_000 { bytes += flood.frame(.binary, [7]) }
      case "pings":
        for _ in 0..<20_000 { bytes += flood.frame(.ping, []) }
        bytes += flood.frame(.binary, [7])
      default:
        let message = Array(repeating: UInt8(7), count: 1 << 20)
        for _ in 0..<12 { bytes += try flood.compressedFrame(.binary, message) }
      }
      let held = await HeldReactor(handle)
      let sentCount = flood.sendNow(raw: bytes)
      try await quiet.send("me, too")
      try await Self.arrives(from: quiet)
      held.letGo()
      #expect(try await quiet.next() == .text("me, too"))
      let before = trace.all.prefix { $0 == "/flood" }.count
      #expect(before <= (kind == "messages" ? 1024 : 1), "\(before) messages came first")
      // Nothing of the flood is lost for that.
      if sentCount < bytes.count { try await flood.send(raw: Array(bytes[sentCount...])) }
      let messageCount = ["messages": 20_000, "pings": 1][kind] ?? 12
      try await eventually("all of the flood") {
        trace.all.count { $0 == "/flood" } == messageCount
      }
    }
  }

  @Test("A crowd of slow handshakes lets the messages of others in between, and each is answered")
  func handshakes() async throws {
    let trace = Recorder<String>()
    try await withServer { router in
      try Self.routes(&router, trace)
      try router.route("/slow") { _ in
        trace.note("/slow")
        // Longer than what makes a turn a late one.
        Thread.sleep(forTimeInterval: 0.005)
        throw HandshakeRejection(.forbidden)
      }
    } _: { fixture in
      let quiet = try await fixture.session("/quiet")
      var crowd: [TestClient] = []
      for _ in 0..<40 { crowd.append(try await fixture.bareClient()) }
      try await eventually("all are accepted") { await fixture.count(.openingNow) == 40 }
      let held = await HeldReactor(try #require(fixture.server.reactors.first))
      for client in crowd { try await client.send(raw: TestClient.handshake("/slow").request) }
      try await quiet.send("me, too")
      try await Self.arrives(from: quiet)
      held.letGo()
      #expect(try await quiet.next() == .text("me, too"))
      let before = trace.all.prefix { $0 == "/slow" }.count
      #expect(before <= 5, "\(before) handshakes came first")
      for client in crowd { #expect(try await client.response().status == 403) }
    }
  }

  @Test("The end of the stream waits for the turns of what came before it")
  func endBehindFlood() async throws {
    let trace = Recorder<String>()
    try await withServer(routes: { try Self.routes(&$0, trace) }) { fixture in
      let flood = try await fixture.session("/flood")
      let held = await HeldReactor(try #require(fixture.server.reactors.first))
      var bytes: [UInt8] = []
      for _ in 0..<5000 { bytes += flood.frame(.binary, [7]) }
      bytes += flood.frame(.close, [0x0F, 0xA1])
      try await flood.send(raw: bytes)
      flood.finishSending()
      held.letGo()
      try await fixture.becomesEmpty()
      #expect(trace.all.count == 5000)
      #expect(await fixture.closes(4001, by: .peer) == 1)
    }
  }

  @Test("What one reactor has for another is bounded, and lost only where nobody could wait")
  func crowd() async throws {
    let trace = Recorder<String>()
    try await withServer(
      ["backlog-bytes=1GiB", "buffered-bytes=1GiB"], reactors: 2,
      routes: { try Self.routes(&$0, trace) }
    ) { fixture in
      let rooms = fixture.server.rooms
      // A member on each reactor, wherever the system puts them.
      var members: [Int: TestClient] = [:]
      var others: [TestClient] = []
      while members.count < 2 {
        let before = Set(await rooms.members(of: "a"))
        let client = try await fixture.session("/room/a")
        try await eventually("a member") {
          await Set(rooms.members(of: "a")).subtracting(before).count == 1
        }
        let new = await Set(rooms.members(of: "a")).subtracting(before)
        let reactor = try #require(new.first).reactor
        if members[reactor] == nil { members[reactor] = client } else { others.append(client) }
      }
      for client in others { try await client.sendClose(.normalClosure) }
      try await eventually("two members") { rooms.memberCount(of: "a") == 2 }
      let sender = try #require(members[0])
      let receiver = try #require(members[1])
      let held = await HeldReactor(fixture.server.reactors[1])
      let message = Array(repeating: UInt8(7), count: 64 << 10)
      let count = 400
      var bytes: [UInt8] = []
      for _ in 0..<count { bytes += sender.frame(.binary, message) }
      var sentCount = 0
      // The sender is not read from any more long before all of it has come.
      try await eventually("a sender that waits") {
        sentCount += sender.sendNow(raw: Array(bytes[sentCount...]))
        let isPaused = await fixture.server.reactors[0].run { reactor in
          reactor.sessions.values.contains { $0.connection.pauses.contains(.crowd) }
        }
        return isPaused == true
      }
      // The held reactor's turn does not end, and the other's command has published its own.
      let byteCount = fixture.server.admission.buffered.byteCount
      #expect(byteCount > ReactorHandle.crowdedByteCount)
      #expect(byteCount < ReactorHandle.crowdedByteCount + (2 << 20))
      held.letGo()
      for _ in 0..<count {
        sentCount += sender.sendNow(raw: Array(bytes[sentCount...]))
        #expect(try await receiver.next() == .binary(message))
      }
      #expect(await fixture.count(.droppedMessages) == 0)
    }
  }

  @Test("A broadcast that a full mailbox refuses is counted for each member that misses it")
  func missed() async throws {
    let trace = Recorder<String>()
    try await withServer(routes: { try Self.routes(&$0, trace) }) { fixture in
      let rooms = fixture.server.rooms
      var members: [TestClient] = []
      for _ in 0..<3 { members.append(try await fixture.session("/room/a")) }
      try await eventually("members") { rooms.memberCount(of: "a") == 3 }
      let held = await HeldReactor(try #require(fixture.server.reactors.first))
      // Handlers elsewhere that do not wait for one another: more than the mailbox takes.
      let message = Array(repeating: UInt8(7), count: 1 << 20)
      let handle = try #require(fixture.server.reactors.first)
      var refusedCount = 0
      for _ in 0..<24 {
        let isPosted = handle.post(broadcastOf: message.count, deliveryCount: 3) { _ in }
        if !isPosted { refusedCount += 1 }
      }
      #expect(refusedCount == 8)
      held.letGo()
      try await eventually("the count") { await fixture.count(.droppedMessages) == 24 }
    }
  }

  @Test("A broadcast goes behind what its receiver is still owed, also where there is room by now")
  func behindBacklog() async throws {
    // More than any socket's buffers take.
    let long = pattern(12 << 20)
    try await withServer(
      ["message-bytes=16MiB", "fragment-bytes=16MiB", "backlog-bytes=32MiB"],
      routes: { router in
        try router.route("/late") { _ in
          ClosureHandler(opened: { session in
            try session.join("a")
            try session.send(long.span, as: .binary)
          })
        }
      }
    ) { fixture in
      let client = try await fixture.session("/late", receiveBufferByteCount: 4096)
      let handle = try #require(fixture.server.reactors.first)
      try await eventually("a backlog") { await fixture.bufferedByteCount > 0 }
      let held = await HeldReactor(handle)
      // What the client takes now makes room that the reactor does not know of yet.
      let (first, _) = try await client.read(atMost: 600_000)
      let broadcast = try Broadcast(
        Array("x".utf8).span, as: .text, to: UTF8Name("a"), excluding: nil,
        limits: fixture.server.limits.inForce.unrouted, account: fixture.server.admission.buffered)
      handle.post { _ = $0.deliver(broadcast, isFirst: true) }
      held.letGo()
      let header = 10
      let (rest, end) = try await client.read(atMost: header + long.count + 3 - first.count)
      #expect(end == nil)
      let all = first + rest
      #expect(Array(all[header..<(header + long.count)]) == long)
      #expect(Array(all.suffix(3)) == [0x81, 1, 120])
    }
  }

  @Test("What is pushed on top of what is owed fits into backlog-bytes as a whole, or is refused")
  func pushWithinBacklog() async throws {
    // More than any socket's buffers take.
    let long = pattern(12 << 20)
    try await withServer(
      [
        "message-bytes=16MiB", "fragment-bytes=16MiB", "backlog-bytes=16MiB",
        "backlog-policy=drop",
      ],
      routes: { router in
        try router.route("/late") { _ in
          ClosureHandler(opened: { try $0.send(long.span, as: .binary) })
        }
      }
    ) { fixture in
      let client = try await fixture.session("/late", receiveBufferByteCount: 4096)
      let handle = try #require(fixture.server.reactors.first)
      try await eventually("a backlog") { await fixture.bufferedByteCount > 0 }
      let areRefused = await handle.run { reactor -> [Bool] in
        guard let session = reactor.sessions.values.first(where: { _ in true }) else { return [] }
        let room =
          session.limits.backlogByteCount - session.connection.limitedBacklogByteCount
        return [room + 1, room].map { count in
          let message = Outgoing(pattern(count).span, as: .binary, fragmentByteCount: 1 << 20)
          do throws(SendError) {
            try session.push(message)
            return false
          } catch {
            return true
          }
        }
      }
      #expect(areRefused == [true, false])
      #expect(await fixture.count(.droppedMessages) == 1)
      withExtendedLifetime(client) {}
    }
  }

  @Test("Reading goes on below a quarter of the backlog's limit, not before")
  func quarter() async throws {
    // Large beside what the kernel takes at once.
    let limit = 16 << 20
    try await withServer(["backlog-bytes=\(limit)B", "buffered-bytes=1GiB"]) { fixture in
      let client = try await fixture.session(receiveBufferByteCount: 4096)
      let handle = try #require(fixture.server.reactors.first)
      // What the kernel takes at once is little then, whatever the machine.
      await handle.run { reactor in
        for session in reactor.sessions.values {
          var size: Int32 = 64 << 10
          _ = setsockopt(
            session.connection.descriptor, SOL_SOCKET, SO_SNDBUF, &size,
            socklen_t(MemoryLayout<Int32>.size))
        }
      }
      let message = Array(repeating: UInt8(7), count: 16 << 10)
      var bytes: [UInt8] = []
      for _ in 0..<1024 { bytes += client.frame(.binary, message) }
      var sentCount = 0
      func state() async throws -> (owed: Int, isPaused: Bool, messageCount: Int) {
        let found = await handle.run { reactor in
          reactor.sessions.values.map {
            ($0.backlogByteCount, $0.connection.pauses.contains(.backlog))
          }.first
        }
        let (owed, isPaused) = try #require(found ?? nil)
        return (owed, isPaused, await fixture.count(.messagesIn))
      }
      try await eventually("a pause") {
        sentCount += client.sendNow(raw: Array(bytes[sentCount...].prefix(1 << 20)))
        return try await state().isPaused
      }
      var before = try await state()
      #expect(before.owed > limit / 2)
      var resumedAt: Int?
      while resumedAt == nil {
        let (_, end) = try await client.read(atMost: 16 << 10)
        try #require(end == nil)
        sentCount += client.sendNow(raw: Array(bytes[sentCount...].prefix(1 << 20)))
        let now = try await state()
        if now.messageCount > before.messageCount { resumedAt = before.owed }
        before = now
      }
      // What one look at it misses: a read of the client's, and what the kernel took meanwhile.
      #expect((resumedAt ?? .max) <= limit / 4 + (3 << 20))
    }
  }
}
