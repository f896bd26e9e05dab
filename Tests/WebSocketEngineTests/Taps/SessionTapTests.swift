import EventLoop
import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

@Suite("Taps of sessions over real sockets", .limited, .timeLimit(.minutes(10)))
struct SessionTapTests {
  /// What a test looks at of a message.
  private struct Seen: Equatable {
    var direction: TapDirection
    var kind: TapKind
    var text: String
    var code: UInt16?

    init(_ direction: TapDirection, _ kind: TapKind, _ text: String, code: UInt16? = nil) {
      (self.direction, self.kind, self.text, self.code) = (direction, kind, text, code)
    }

    init(_ message: TappedMessage) {
      self.init(
        message.direction, message.kind, String(decoding: message.payload, as: UTF8.self),
        code: message.closeCode?.rawValue)
    }
  }

  /// Takes what comes until there are so many.
  private func take(_ count: Int, from tap: Tap) async throws -> [TappedMessage] {
    var messages: [TappedMessage] = []
    try await eventually("\(count) tapped messages") {
      messages += tap.takeAll().messages
      return messages.count >= count
    }
    return messages
  }

  private func tap(
    _ fixture: ServerFixture, _ criteria: TapCriteria = TapCriteria()
  ) async throws -> (tap: Tap, id: SessionID) {
    let id = try fixture.onlySession().identity.id
    let tap = Tap(maximumPerSecond: 10_000)
    await fixture.server.begin(tap, criteria)
    #expect(await fixture.server.attach(tap, to: id))
    return (tap, id)
  }

  @Test(
    "It shows what comes in and what goes out, control frames and closes included",
    arguments: EchoTests.faces)
  func both(_ target: String) async throws {
    try await withServer { fixture in
      let client = try await fixture.session(target)
      try await eventually("the session") { fixture.samples.count == 1 }
      let (tap, id) = try await tap(fixture)
      #expect(tap.sessionCount == 1)
      #expect(try fixture.onlySession().flags.contains(.tapped))
      try await client.send("hello")
      #expect(try await client.next() == .text("hello"))
      try await client.send([1, 2, 3])
      #expect(try await client.next() == .binary([1, 2, 3]))
      try await client.send(.ping, Array("p".utf8))
      #expect(try await client.next() == .pong(Array("p".utf8)))
      #expect(
        await fixture.server.send(.message(Array("from the operator".utf8), .text), to: [id])
          == [.done])
      #expect(try await client.next() == .text("from the operator"))
      try await client.sendClose(.goingAway, "bye")
      _ = try await client.readToEnd()
      client.close()
      let messages = try await take(9, from: tap)
      #expect(messages.allSatisfy { $0.session == id && $0.at > 1_600_000_000 })
      #expect(
        messages.map(Seen.init) == [
          Seen(.in, .text, "hello"), Seen(.out, .text, "hello"),
          Seen(.in, .binary, "\u{1}\u{2}\u{3}"), Seen(.out, .binary, "\u{1}\u{2}\u{3}"),
          Seen(.in, .ping, "p"), Seen(.out, .pong, "p"), Seen(.out, .text, "from the operator"),
          Seen(.in, .close, "bye", code: 1001), Seen(.out, .close, "bye", code: 1001),
        ])
      try await eventually("the session's end") { tap.sessionCount == 0 }
    }
  }

  @Test("Nothing is kept of a session that is no longer tapped, and its flag is gone")
  func end() async throws {
    try await withServer { fixture in
      let client = try await fixture.session()
      try await eventually("the session") { fixture.samples.count == 1 }
      let (tap, id) = try await tap(fixture)
      let (other, _) = try await self.tap(fixture)
      fixture.server.end(tap)
      for handle in fixture.server.reactors { _ = await handle.run { _ in true } }
      try await client.send("hello")
      #expect(try await client.next() == .text("hello"))
      #expect(tap.takeAll().messages.isEmpty)
      #expect(try await take(2, from: other).count == 2)
      #expect(try fixture.onlySession().flags.contains(.tapped))
      fixture.server.attach(other, to: [], detachingFrom: [id])
      try await eventually("the flag is gone") {
        try !fixture.onlySession().flags.contains(.tapped)
      }
      #expect(await !fixture.server.attach(tap, to: id), "it has ended")
    }
  }

  @Test("Of a long message the first bytes are kept, and its size is told")
  func long() async throws {
    try await withServer { fixture in
      let client = try await fixture.session()
      try await eventually("the session") { fixture.samples.count == 1 }
      let (tap, _) = try await tap(fixture)
      let message = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
      try await client.send(message)
      #expect(try await client.nextAnsweringPings() == .binary(message))
      for seen in try await take(2, from: tap) {
        #expect(seen.byteCount == message.count && seen.compressedByteCount == nil)
        #expect(seen.payload == Array(message.prefix(Tap.maximumPayloadByteCount)))
      }
    }
  }

  @Test(
    "Compressed messages are shown as they were, with what they took on the wire",
    arguments: CompressionTests.modes)
  func compressed(_ mode: CompressionMode) async throws {
    try await withServer(compression: mode) { fixture in
      let client = try await fixture.session(offering: CompressionTests.offer)
      try await eventually("the session") { fixture.samples.count == 1 }
      let (tap, id) = try await tap(fixture)
      let text = String(repeating: "{\"name\":\"somebody\"},", count: 100)
      for _ in 0..<2 {
        try await client.sendCompressed(.text, Array(text.utf8))
        #expect(try await client.nextAnsweringPings() == .text(text))
      }
      // In two frames, and not compressed: what was noted before is not this one's.
      try await client.send(.text, Array("plain ".utf8), isFinal: false)
      try await client.send(.continuation, Array("text".utf8))
      #expect(try await client.nextAnsweringPings() == .text("plain text"))
      #expect(
        await fixture.server.send(.message(Array(text.utf8), .text), to: [id]) == [.done])
      #expect(try await client.nextAnsweringPings() == .text(text))
      let messages = try await take(7, from: tap)
      let isCompressed = messages.map { $0.compressedByteCount.map { $0 > 0 && $0 < 400 } }
      #expect(isCompressed == [true, true, true, true, nil, nil, true])
      #expect(messages.prefix(4).allSatisfy { $0.byteCount == text.utf8.count })
      #expect(messages.prefix(4).allSatisfy { $0.payload == Array(text.utf8) })
    }
  }

  @Test("A broadcast is seen at each member that is tapped, on every reactor", arguments: [1, 3])
  func broadcast(_ reactors: Int) async throws {
    try await withServer(reactors: reactors, routes: RoomTests.routes) { fixture in
      let tap = Tap(maximumPerSecond: 10_000)
      await fixture.server.begin(tap, TapCriteria(direction: .out)) { profile, _ in
        profile.path == "/room/a"
      }
      var clients: [TestClient] = []
      for _ in 0..<6 { clients.append(try await fixture.session("/room/a")) }
      let outsider = try await fixture.session("/room/b")
      try await eventually("members") { fixture.server.rooms.memberCount(of: "a") == 6 }
      #expect(tap.sessionCount == 6)
      #expect(try await fixture.server.rooms.broadcast("to all", to: "a") == 6)
      try await fixture.server.rooms.broadcast("to b", to: "b")
      #expect(try await outsider.next() == .text("to b"))
      for client in clients { #expect(try await client.next() == .text("to all")) }
      let messages = try await take(6, from: tap)
      #expect(Set(messages.map(\.session)).count == 6)
      #expect(messages.allSatisfy { Seen($0) == Seen(.out, .text, "to all") })
    }
  }

  @Test("A session that opens is tapped from its first message on")
  func opening() async throws {
    try await withServer { fixture in
      let tap = Tap(maximumPerSecond: 10_000)
      await fixture.server.begin(tap, TapCriteria(direction: .in)) { _, flags in flags.isEmpty }
      let client = try await fixture.session()
      try await client.send("the first")
      #expect(try await client.next() == .text("the first"))
      #expect(try await take(1, from: tap).map(Seen.init) == [Seen(.in, .text, "the first")])
      fixture.server.change(tap, to: TapCriteria(direction: .in, text: "wanted"))
      for handle in fixture.server.reactors { _ = await handle.run { _ in true } }
      try await client.send("not this one")
      try await client.send("but the wanted one")
      #expect(
        try await take(1, from: tap).map(Seen.init) == [Seen(.in, .text, "but the wanted one")])
    }
  }

  @Test("Many sessions are attached and detached a slice a turn")
  func many() async throws {
    try await withServer { fixture in
      var clients: [TestClient] = []
      for _ in 0..<40 { clients.append(try await fixture.session()) }
      try await eventually("the sessions") { fixture.samples.count == 40 }
      let ids = fixture.samples.map(\.identity.id)
      let tap = Tap(maximumPerSecond: 10_000)
      await fixture.server.begin(tap, TapCriteria())
      // Some that are gone meanwhile, so that there is more than a slice of them.
      fixture.server.attach(tap, to: Self.gone(2000) + ids)
      try await eventually("all are tapped") { tap.sessionCount == 40 }
      fixture.server.attach(tap, to: [], detachingFrom: Array(ids.prefix(10)))
      try await eventually("some are not") { tap.sessionCount == 30 }
      fixture.server.end(tap)
      try await eventually("none is") { tap.sessionCount == 0 }
      // A session loses its flag behind the count.
      await fixture.turnsEnd()
      #expect(fixture.samples.allSatisfy { !$0.flags.contains(.tapped) })
    }
  }

  @Test(
    "What is asked for a session last holds, whether or not its turn had come",
    arguments: [true, false], [0, 5000])
  func lastWish(_ isTapped: Bool, _ goneCount: Int) async throws {
    try await withServer { fixture in
      let client = try await fixture.session()
      try await eventually("the session") { fixture.samples.count == 1 }
      let id = try fixture.onlySession().identity.id
      let tap = Tap(maximumPerSecond: 10)
      await fixture.server.begin(tap, TapCriteria())
      // All within one turn, so that no slice passes in between.
      _ = await fixture.server.reactors[0].run { [server = fixture.server] _ in
        server.attach(tap, to: Self.gone(goneCount) + [id])
        server.attach(tap, to: [], detachingFrom: [id])
        if isTapped { server.attach(tap, to: [id]) }
      }
      try await eventually("all slices have passed") {
        await fixture.server.reactors[0].run { !$0.taps.hasWishes(of: tap) } == true
      }
      #expect(tap.sessionCount == (isTapped ? 1 : 0))
      withExtendedLifetime(client) {}
    }
  }

  /// Names of sessions that are no more.
  private static func gone(_ count: Int) -> [SessionID] {
    (0..<count).map { SessionID(sequence: UInt64(1_000_000 + $0), reactor: 0) }
  }
}
