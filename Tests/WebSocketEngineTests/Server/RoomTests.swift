import EventLoop
import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

@Suite("Rooms over real sockets", .limited, .timeLimit(.minutes(10)))
struct RoomTests {
  /// `/room/{room}`: joins; text is sent to the room, without the sender; a member's end too.
  static func routes(_ router: inout Router) throws {
    try router.route("/room/{room}") { request in
      let room = request.parameters["room"] ?? ""
      return ClosureHandler(
        received: { message, kind, session in
          try session.broadcast(message, as: kind, to: room)
        },
        opened: { try $0.join(room) },
        closed: { _, session in _ = try? session.broadcast("bye", to: room) })
    }
  }

  /// A client whose session has joined: the handshake is answered a moment before that.
  private func member(
    of fixture: ServerFixture, at target: String = "/room/a", receiveBufferByteCount: Int32? = nil
  ) async throws -> TestClient {
    let before = await fixture.count(.opened)
    let client = try await fixture.session(target, receiveBufferByteCount: receiveBufferByteCount)
    try await eventually("its turn's end") { await fixture.count(.opened) > before }
    // A command is run between two turns, when `opened` has returned.
    for handle in fixture.server.reactors { _ = await handle.run { _ in true } }
    return client
  }

  @Test("Of a room that its last member has left nothing is kept")
  func emptied() async throws {
    try await withServer(routes: Self.routes) { fixture in
      let rooms = fixture.server.rooms
      let staying = try await member(of: fixture, at: "/room/b")
      for _ in 0..<3 {
        let client = try await member(of: fixture)
        #expect(rooms.names == ["a", "b"])
        try await client.sendClose(.normalClosure)
        #expect(try await client.next() == .close(1000, ""))
        try await eventually("the end") { rooms.memberCount(of: "a") == 0 }
      }
      #expect(rooms.names == ["b"])
      for handle in fixture.server.reactors {
        let counts = try #require(await handle.roomCounts())
        #expect(counts.map(\.name.text) == ["b"])
      }
      withExtendedLifetime(staying) {}
    }
  }

  @Test(
    "A broadcast reaches every member but the sender, over all reactors, and is counted",
    arguments: [1, 3])
  func broadcast(_ reactors: Int) async throws {
    try await withServer(reactors: reactors, routes: Self.routes) { fixture in
      var clients: [TestClient] = []
      for _ in 0..<12 { clients.append(try await member(of: fixture)) }
      let outsider = try await member(of: fixture, at: "/room/b")
      let rooms = fixture.server.rooms
      try await eventually("members") { rooms.memberCount(of: "a") == 12 }
      #expect(rooms.names == ["a", "b"])
      #expect(await rooms.members(of: "a").count == 12)
      if reactors > 1 {
        #expect(Set(await rooms.members(of: "a").map(\.reactor)).count > 1, "sessions spread")
      }
      try await clients[0].send("from the first")
      for client in clients.dropFirst() {
        #expect(try await client.next() == .text("from the first"))
      }
      #expect(try await rooms.broadcast("to all", to: "a") == 12)
      for client in clients { #expect(try await client.next() == .text("to all")) }
      let excluded = try #require(await rooms.members(of: "a").first)
      #expect(try await rooms.broadcast([7], as: .binary, to: "a", excluding: excluded) == 11)
      #expect(try await rooms.broadcast("nobody", to: "nowhere") == 0)
      try await rooms.broadcast("to b", to: "b")
      #expect(try await outsider.next() == .text("to b"))
    }
  }

  @Test("Each broadcast is counted once, and each delivery", arguments: [1, 3])
  func counts(_ reactors: Int) async throws {
    try await withServer(reactors: reactors, routes: Self.routes) { fixture in
      var clients: [TestClient] = []
      for _ in 0..<6 { clients.append(try await member(of: fixture)) }
      try await eventually("members") { fixture.server.rooms.memberCount(of: "a") == 6 }
      try await clients[0].send("12345")
      for client in clients.dropFirst() { #expect(try await client.next() == .text("12345")) }
      #expect(try await fixture.server.rooms.broadcast("1234567", to: "a") == 6)
      var sum = RoomCounts.Traffic()
      var memberCount = 0
      for handle in fixture.server.reactors {
        for room in try #require(await handle.roomCounts()) {
          #expect(room.name == "a")
          memberCount += room.memberCount
          sum.messageCount += room.traffic.messageCount
          sum.byteCount += room.traffic.byteCount
          sum.deliveryCount += room.traffic.deliveryCount
          sum.deliveredByteCount += room.traffic.deliveredByteCount
        }
      }
      #expect(memberCount == 6)
      #expect(sum.messageCount == 2 && sum.byteCount == 12)
      #expect(sum.deliveryCount == 11 && sum.deliveredByteCount == 5 * 5 + 6 * 7)
    }
  }

  @Test("Rooms whose names are equivalent for a String are other rooms", arguments: [1, 3])
  func otherBytes(_ reactors: Int) async throws {
    let names = ["K", "\u{212A}", "caf\u{E9}", "cafe\u{301}"]
    let paths = ["/room/K", "/room/%E2%84%AA", "/room/caf%C3%A9", "/room/cafe%CC%81"]
    try await withServer(["rooms-per-session=2"], reactors: reactors) { router in
      try Self.routes(&router)
      try router.route("/both") { _ in
        ClosureHandler(opened: { session in
          try session.join("K")
          try session.join("\u{212A}")
          session.leave("K")
          #expect(session.roomNames.map { Array($0.utf8) } == [Array("\u{212A}".utf8)])
        })
      }
    } _: { fixture in
      let rooms = fixture.server.rooms
      var members: [[TestClient]] = []
      for path in paths {
        members.append([try await member(of: fixture, at: path)])
        members[members.count - 1].append(try await member(of: fixture, at: path))
      }
      let both = try await member(of: fixture, at: "/both")
      #expect(rooms.names.map { UTF8Name($0) } == names.map { UTF8Name($0) }.sorted())
      let counts = [2, 3, 2, 2]
      for (name, count) in zip(names, counts) {
        #expect(rooms.memberCount(of: name) == count)
        #expect(await rooms.members(of: name).count == count)
      }
      // Each room's first member says its own room's number: only its second one hears it.
      for (index, pair) in members.enumerated() { try await pair[0].send("room \(index)") }
      for (index, pair) in members.enumerated() {
        #expect(try await pair[1].next() == .text("room \(index)"))
      }
      #expect(try await both.next() == .text("room 1"))
      #expect(try await rooms.broadcast("all", to: "\u{212A}") == 3)
      #expect(try await rooms.broadcast("all", to: "K") == 2)
      for pair in members.prefix(2) {
        for client in pair { #expect(try await client.next() == .text("all")) }
      }
    }
  }

  @Test("More rooms than a slice are all counted")
  func manyRooms() async throws {
    try await withServer(["rooms-per-session=5000"]) { router in
      try router.route("/rooms") { _ in
        ClosureHandler(opened: { session in
          for number in 0..<1234 { try session.join("room-\(number)") }
        })
      }
    } _: { fixture in
      let client = try await fixture.session("/rooms")
      try await eventually("the rooms") { fixture.server.rooms.names.count == 1234 }
      let counts = try #require(await fixture.server.reactors[0].roomCounts())
      #expect(Set(counts.map(\.name)).count == 1234 && counts.count == 1234)
      withExtendedLifetime(client) {}
    }
  }

  @Test(
    "Whoever leaves, and returns, the others stay members and hear all once",
    arguments: [[0], [2], [5], [0, 5], [5, 0], [4, 5, 1], [5, 4, 3, 2, 1, 0]])
  func leaving(_ leavers: [Int]) async throws {
    try await withServer { router in
      try router.route("/room") { _ in
        ClosureHandler(
          received: { message, _, session in
            if Array(copying: message) == Array("leave".utf8) {
              session.leave("a")
            } else {
              try session.join("a")
            }
            try session.send(session.roomNames.isEmpty ? "out" : "in")
          })
      }
    } _: { fixture in
      let rooms = fixture.server.rooms
      var clients: [TestClient] = []
      for _ in 0..<6 {
        let client = try await fixture.session("/room")
        try await client.send("join")
        #expect(try await client.next() == .text("in"))
        clients.append(client)
      }
      let joined = fixture.samples.map(\.identity.id).sorted()
      let inOrder = await fixture.server.reactors[0].run { reactor in
        reactor.members.sessions(in: "a").map(\.id)
      }
      #expect(inOrder == joined, "in the order in which they joined")
      for leaver in leavers {
        try await clients[leaver].send("leave")
        #expect(try await clients[leaver].next() == .text("out"))
      }
      #expect(await rooms.members(of: "a").count == 6 - leavers.count)
      #expect(try await rooms.broadcast("without", to: "a") == 6 - leavers.count)
      for leaver in leavers {
        try await clients[leaver].send("join")
        #expect(try await clients[leaver].next() == .text("in"), "and nothing before")
      }
      #expect(try await rooms.broadcast("all", to: "a") == 6)
      for (index, client) in clients.enumerated() {
        if !leavers.contains(index) { #expect(try await client.next() == .text("without")) }
        #expect(try await client.next() == .text("all"))
      }
      // A member twice, or no member any more at all, would show here.
      for client in clients {
        try await client.send("leave")
        #expect(try await client.next() == .text("out"))
      }
      #expect(rooms.names.isEmpty)
    }
  }

  @Test("Empty rooms vanish, and the rest hear of whoever leaves (B10)")
  func vanish() async throws {
    try await withServer(routes: Self.routes) { fixture in
      let first = try await member(of: fixture)
      let second = try await member(of: fixture)
      second.reset()
      #expect(try await first.next() == .text("bye"))
      #expect(fixture.server.rooms.memberCount(of: "a") == 1)
      try await first.sendClose(.normalClosure)
      _ = try await first.readToEnd()
      try await eventually("no room") { fixture.server.rooms.names.isEmpty }
    }
  }

  @Test("Joining is bounded by rooms-per-session, and both faces have rooms")
  func bound() async throws {
    try await withServer(["rooms-per-session=2"]) { router in
      try router.webSocket("/rooms") { socket in
        try await socket.accept()
        try await socket.join("a")
        try await socket.join("b")
        try await socket.join("b")
        do {
          try await socket.join("c")
        } catch RoomError.tooManyRooms(let limit) {
          try await socket.send("\(limit) \(try await socket.roomNames)")
        }
        try await socket.leave("a")
        try await socket.join("c")
        try await socket.rooms.broadcast("hi", to: "c")
        _ = try await socket.receive()
      }
    } _: { fixture in
      let client = try await fixture.session("/rooms")
      #expect(try await client.next() == .text(#"2 ["a", "b"]"#))
      #expect(try await client.next() == .text("hi"))
      #expect(fixture.server.rooms.names == ["b", "c"])
    }
  }

  @Test(
    "One member that never reads neither delays nor starves the others (B9)",
    arguments: ["close", "drop"])
  func stuckMember(_ policy: String) async throws {
    try await withServer(
      ["backlog-bytes=256KiB", "backlog-policy=\(policy)"], reactors: 2,
      routes: Self.routes
    ) { fixture in
      let stuck = try await member(of: fixture, receiveBufferByteCount: 4096)
      let good = try await member(of: fixture)
      let payload = pattern(50_000)
      for number in 0..<400 {
        try await fixture.server.rooms.broadcast(
          payload, as: .binary, to: "a")
        var next = try await good.next()
        if next == .text("bye"), policy == "close" { next = try await good.next() }
        guard case .binary(let bytes) = next, areEqual(bytes, payload) else {
          Issue.record("broadcast \(number) was missed")
          return
        }
      }
      if policy == "close" {
        #expect(await fixture.closes(1008, by: .limit) == 1)
      } else {
        #expect(fixture.server.ledger.snapshot().closeCount == 0)
        #expect(await fixture.count(.droppedMessages) > 0)
      }
      stuck.reset()
    }
  }

  @Test("Many stuck members closed by one broadcast do not close inside each other")
  func manyStuckMembers() async throws {
    let nesting = Recorder<Int>()
    try await withServer(
      ["backlog-bytes=1KiB", "close-timeout=100ms"]
    ) { router in
      let state = Nesting()
      try router.route("/room") { _ in
        ClosureHandler(
          opened: { try $0.join("a") },
          closed: { _, session in
            nesting.note(state.enter())
            _ = try? session.broadcast("somebody left", to: "a")
            state.leave()
          })
      }
    } _: { fixture in
      var clients: [TestClient] = []
      for _ in 0..<40 {
        clients.append(
          try await member(
            of: fixture, at: "/room", receiveBufferByteCount: 4096))
      }
      while await fixture.closes(1008, by: .limit) < 40 {
        try await fixture.server.rooms.broadcast(pattern(200_000), as: .binary, to: "a")
      }
      #expect(nesting.all.max() == 1)
      clients.removeAll()
    }
  }

  /// How deep calls are nested; used on one reactor's thread alone.
  final class Nesting: Sendable {
    nonisolated(unsafe) private var depth = 0
    func enter() -> Int {
      depth += 1
      return depth
    }
    func leave() { depth -= 1 }
  }

  @Test("Who stays misses nothing while others join and leave, in the order of one sender (B9)")
  func storm() async throws {
    try await withServer(reactors: 2, routes: Self.routes) { fixture in
      var stayers: [TestClient] = []
      for _ in 0..<4 { stayers.append(try await member(of: fixture)) }
      let storm = Task {
        for _ in 0..<60 {
          let client = try await fixture.session("/room/a")
          if Bool.random() {
            client.reset()
          } else {
            try await client.sendClose(.normalClosure)
          }
        }
      }
      for number in 0..<300 {
        #expect(try await fixture.server.rooms.broadcast("\(number)", to: "a") >= 4)
      }
      try await storm.value
      for client in stayers {
        var expected = 0
        while expected < 300 {
          guard case .text(let text) = try await client.nextAnsweringPings() else {
            Issue.record("something else than text")
            return
          }
          if text == "bye" { continue }
          #expect(text == "\(expected)")
          expected += 1
        }
      }
      try await eventually("the four") { fixture.server.rooms.memberCount(of: "a") == 4 }
    }
  }

  @Test("Over message-bytes a broadcast is refused before anything is queued")
  func tooBig() async throws {
    try await withServer(["message-bytes=100"], routes: Self.routes) { fixture in
      let client = try await member(of: fixture)
      await #expect(throws: SendError.messageTooBig(byteCount: 101, limit: 100)) {
        try await fixture.server.rooms.broadcast(pattern(101), as: .binary, to: "a")
      }
      #expect(try await fixture.server.rooms.broadcast("small", to: "a") == 1)
      #expect(try await client.next() == .text("small"))
      #expect(await fixture.count(.messagesOut) == 1)
    }
  }

  @Test("A member whose narrower limit forbids a broadcast is skipped and counted")
  func narrower() async throws {
    try await withServer(routes: Self.routes) { fixture in
      let narrow = try await member(of: fixture)
      let id = try fixture.onlySession().identity.id
      let wide = try await member(of: fixture)
      let changed = try await fixture.server.changeLimits(
        LimitAssignments(set: [.messageBytes: .amount(10)]), at: .session(id))
      #expect(changed)
      #expect(try await fixture.server.rooms.broadcast(pattern(50), as: .binary, to: "a") == 1)
      #expect(try await fixture.server.rooms.broadcast("both", to: "a") == 2)
      #expect(try await wide.next() == .binary(pattern(50)))
      #expect(try await wide.next() == .text("both"))
      #expect(try await narrow.next() == .text("both"))
      #expect(await fixture.count(.droppedMessages) == 1)
    }
  }
}
