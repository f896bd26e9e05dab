import EventLoop
import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

/// What goes to a large room over several turns; here to small ones, as though it were late.
@Suite("Broadcasts under way", .limited, .timeLimit(.minutes(10)))
struct BroadcastQueueTests {
  /// Members of `/room/a`, in the order in which they joined.
  private func withMembers(
    _ count: Int, _ settings: [String] = [],
    _ body: (ServerFixture, ReactorHandle, [TestClient]) async throws -> Void
  ) async throws {
    try await withServer(settings, routes: RoomTests.routes) { fixture in
      let handle = try #require(fixture.server.reactors.first)
      var members: [TestClient] = []
      for number in 1...count {
        members.append(try await fixture.session("/room/a"))
        try await eventually("a member") {
          fixture.server.rooms.memberCount(of: "a") == number
        }
      }
      try await body(fixture, handle, members)
    }
  }

  private func broadcast(
    _ text: String, to room: String = "a", excluding excluded: SessionID? = nil,
    of fixture: ServerFixture
  ) throws -> Broadcast {
    try Broadcast(
      Array(text.utf8).span, as: .text, to: UTF8Name(room), excluding: excluded,
      limits: fixture.server.limits.inForce.unrouted, account: fixture.server.admission.buffered)
  }

  @Test("Every member gets each once and in order, in turns of their own, and all are counted")
  func inTurns() async throws {
    let count = 3 * SessionReactor.deliverySliceCount + 1
    try await withMembers(count) { fixture, handle, members in
      let messages = try ["first", "second"].map { try broadcast($0, of: fixture) }
      let counts = Recorder<Int>()
      let before = await handle.run { reactor in
        let expected = messages.map {
          reactor.deliver($0, isFirst: true, isAtOnce: false) { counts.note($0) }
        }
        let underWay = reactor.broadcasts.change { $0.count }
        return (expected, underWay, counts.all.count, handle.pendingDeliveries.load())
      }
      #expect(try #require(before) == ([count, count], 2, 0, 2 * count))
      for client in members {
        #expect(try await client.next() == .text("first"))
        #expect(try await client.next() == .text("second"))
      }
      #expect(try await counts.all(atLeast: 2) == [count, count])
      #expect(handle.pendingDeliveries.load() == 0)
      let room = try #require(await handle.roomCounts()?.first)
      #expect(room.traffic.messageCount == 2 && room.traffic.byteCount == 11)
      #expect(room.traffic.deliveryCount == 2 * count)
      #expect(room.traffic.deliveredByteCount == 11 * count)
    }
  }

  @Test("A room of more members than one turn has time for gets it in turns, a smaller one at once")
  func bySize() async throws {
    let limit = SessionReactor.maximumDeliveryCountAtOnce
    try await withMembers(limit) { fixture, handle, members in
      let messages = try ["first", "second"].map { try broadcast($0, of: fixture) }
      let atOnce = await handle.run { reactor in
        let count = reactor.deliver(messages[0], isFirst: true)
        return (count, reactor.broadcasts.change { $0.isUnderWay })
      }
      #expect(try #require(atOnce) == (limit, false))
      let another = try await fixture.session("/room/a")
      try await eventually("one more") { fixture.server.rooms.memberCount(of: "a") == limit + 1 }
      let inTurns = await handle.run { reactor in
        let count = reactor.deliver(messages[1], isFirst: true)
        return (count, reactor.broadcasts.change { $0.isUnderWay })
      }
      #expect(try #require(inTurns) == (limit + 1, true))
      for client in members {
        #expect(try await client.next() == .text("first"))
        #expect(try await client.next() == .text("second"))
      }
      #expect(try await another.next() == .text("second"))
    }
  }

  @Test("What a member is sent otherwise comes behind: by its handler, by an operator, at its end")
  func inOrder() async throws {
    try await withMembers(3) { fixture, handle, members in
      let messages = try [broadcast("first", of: fixture), broadcast("second", of: fixture)]
      let isSent = await handle.run { reactor in
        for message in messages { reactor.deliver(message, isFirst: true, isAtOnce: false) }
        let sessions = reactor.members.sessions(in: UTF8Name("a"))
        do {
          try sessions[0].send("handler")
          try sessions[1].push(
            Outgoing(Array("operator".utf8).span, as: .text, fragmentByteCount: 1 << 20))
          try sessions[2].close(.goingAway, reason: "end")
          return true
        } catch {
          return false
        }
      }
      #expect(isSent == true)
      let last: [TestClient.Received] = [.text("handler"), .text("operator"), .close(1001, "end")]
      for (client, last) in zip(members, last) {
        #expect(try await client.next() == .text("first"))
        #expect(try await client.next() == .text("second"))
        #expect(try await client.next() == last)
      }
    }
  }

  @Test("Who leaves midway has got it, who takes that place gets it once, who joins does not")
  func membersChange() async throws {
    let slice = SessionReactor.deliverySliceCount
    try await withMembers(2 * slice) { fixture, handle, members in
      let newcomer = try await fixture.session("/room/b")
      try await eventually("a newcomer") { fixture.server.rooms.memberCount(of: "b") == 1 }
      let message = try broadcast("it", of: fixture)
      let count = Recorder<Int>()
      await handle.run { reactor in
        let sessions = reactor.members.sessions(in: UTF8Name("a"))
        reactor.deliver(message, isFirst: true, isAtOnce: false) { count.note($0) }
        reactor.deliverMore()
        for session in reactor.members.sessions(in: UTF8Name("b")) { try? session.join("a") }
        // One that has got it, whose place the last one takes; then one that has not.
        sessions[0].leave("a")
        sessions[slice + 1].leave("a")
      }
      #expect(try await count.all(atLeast: 1) == [2 * slice])
      #expect(try await fixture.server.rooms.broadcast("next", to: "a") == 2 * slice - 1)
      for (index, client) in members.enumerated() {
        #expect(try await client.next() == .text("it"))
        guard index != 0, index != slice + 1 else { continue }
        #expect(try await client.next() == .text("next"))
      }
      #expect(try await newcomer.next() == .text("next"))
    }
  }

  @Test("Who is closed at once gets none of it, as of all that is queued, which is counted")
  func closedAtOnce() async throws {
    try await withMembers(2) { fixture, handle, members in
      let message = try broadcast("it", of: fixture)
      let first = try #require(await fixture.server.rooms.members(of: "a").first)
      let own = try broadcast("own", excluding: first, of: fixture)
      let count = Recorder<Int>()
      await handle.run { reactor in
        let sessions = reactor.members.sessions(in: UTF8Name("a"))
        for _ in 0..<2 {
          reactor.deliver(message, isFirst: true, isAtOnce: false) { count.note($0) }
        }
        // Its own is none that it misses.
        reactor.deliver(own, isFirst: true, isAtOnce: false)
        sessions[0].closeAtOnce(.policyViolation, reason: "enough", by: .operator)
      }
      #expect(try await count.all(atLeast: 2) == [1, 1])
      #expect(await fixture.count(.droppedMessages) == 2)
      #expect(try await members[0].next() == .close(1008, "enough"))
      for text in ["it", "it", "own", "bye"] {
        #expect(try await members[1].next() == .text(text))
      }
    }
  }

  @Test("Members that leave on either side of a broadcast on its way change places on their side")
  func places() async throws {
    let slice = SessionReactor.deliverySliceCount
    try await withMembers(2 * slice + 2) { fixture, handle, members in
      let message = try broadcast("it", of: fixture)
      let count = Recorder<Int>()
      await handle.run { reactor in
        let sessions = reactor.members.sessions(in: UTF8Name("a"))
        reactor.deliver(message, isFirst: true, isAtOnce: false) { count.note($0) }
        reactor.deliverMore()
        for index in [3, slice - 1, 0, slice, 2 * slice + 1] { sessions[index].leave("a") }
        reactor.deliverMore()
        for index in [1, slice + 3] { sessions[index].leave("a") }
      }
      #expect(try await count.all(atLeast: 1) == [2 * slice + 2])
      #expect(try await fixture.server.rooms.broadcast("next", to: "a") == 2 * slice - 5)
      let left: Set = [3, slice - 1, 0, slice, 2 * slice + 1, 1, slice + 3]
      for (index, client) in members.enumerated() {
        #expect(try await client.next() == .text("it"))
        if !left.contains(index) { #expect(try await client.next() == .text("next")) }
      }
    }
  }

  @Test("A room that all leave midway is forgotten, and one of its name begins anew")
  func emptied() async throws {
    try await withMembers(3) { fixture, handle, members in
      let message = try broadcast("it", of: fixture)
      let count = Recorder<Int>()
      await handle.run { reactor in
        let sessions = reactor.members.sessions(in: UTF8Name("a"))
        reactor.deliver(message, isFirst: true, isAtOnce: false) { count.note($0) }
        for session in sessions { session.leave("a") }
        try? sessions[1].join("a")
      }
      #expect(try await count.all(atLeast: 1) == [3])
      #expect(try await fixture.server.rooms.broadcast("next", to: "a") == 1)
      for client in members { #expect(try await client.next() == .text("it")) }
      #expect(try await members[1].next() == .text("next"))
    }
  }

  @Test("A member of two rooms gets their broadcasts in the order in which they were sent")
  func twoRooms() async throws {
    try await withMembers(2) { fixture, handle, members in
      let messages = try [("1", "b"), ("2", "a"), ("3", "b")].map {
        try broadcast($0.0, to: $0.1, of: fixture)
      }
      let counts = await handle.run { reactor in
        try? reactor.members.sessions(in: UTF8Name("a"))[0].join("b")
        // The last one at once: what is under way goes first all the same.
        return messages.enumerated().map { index, message in
          reactor.deliver(message, isFirst: true, isAtOnce: index == 2)
        }
      }
      #expect(counts == [1, 2, 1])
      for text in ["1", "2", "3"] { #expect(try await members[0].next() == .text(text)) }
      #expect(try await members[1].next() == .text("2"))
    }
  }

  @Test("A member that is excluded, and one whose limit forbids it, are not counted")
  func notAll() async throws {
    try await withMembers(3) { fixture, handle, members in
      let sessions = await fixture.server.rooms.members(of: "a")
      let excluded = try #require(sessions.first)
      _ = try await fixture.server.changeLimits(
        LimitAssignments(set: [.messageBytes: .amount(4)]), at: .session(sessions.at(1)))
      let message = try broadcast("too much", excluding: excluded, of: fixture)
      let count = Recorder<Int>()
      let expected = await handle.run { reactor in
        reactor.deliver(message, isFirst: true, isAtOnce: false) { count.note($0) }
      }
      #expect(expected == 2)
      #expect(try await count.all(atLeast: 1) == [1])
      #expect(try await members[2].next() == .text("too much"))
      #expect(await fixture.count(.droppedMessages) == 1)
      let room = try #require(await handle.roomCounts()?.first)
      #expect(room.traffic.messageCount == 1 && room.traffic.deliveryCount == 1)
    }
  }

  @Test("More bytes than may be under way: the oldest goes out first, and nothing is lost")
  func bounded() async throws {
    let limit = SessionReactor.maximumPendingByteCount
    let message = String(repeating: "x", count: 1 << 20)
    let settings = ["message-bytes=2MiB", "backlog-bytes=1GiB", "buffered-bytes=2GiB"]
    try await withMembers(2, settings) { fixture, handle, members in
      let messages = try (0..<20).map { try broadcast("\($0)" + message, of: fixture) }
      let underWay = await handle.run { reactor in
        for message in messages { reactor.deliver(message, isFirst: true, isAtOnce: false) }
        return reactor.broadcasts.change { ($0.count, $0.byteCount) }
      }
      let (count, byteCount) = try #require(underWay)
      #expect(count == 16 && byteCount > limit && byteCount < limit + (1 << 20))
      for client in members {
        for number in 0..<20 {
          #expect(try await client.next() == .text("\(number)" + message))
        }
      }
      #expect(await fixture.count(.droppedMessages) == 0)
    }
  }

  @Test("Who sends broadcasts behind too many deliveries is not read from until they are made")
  func crowd() async throws {
    try await withMembers(2) { fixture, handle, members in
      let crowd = ReactorHandle.crowdedDeliveryCount + 1
      handle.pendingDeliveries.add(crowd)
      try await members[0].send("first")
      #expect(try await members[1].next() == .text("first"))
      try await members[0].send("second")
      let isHeld = await handle.run { reactor in
        reactor.members.sessions(in: UTF8Name("a")).map {
          $0.connection.pauses.contains(.crowd)
        }
      }
      #expect(isHeld == [true, false])
      #expect(await fixture.count(.messagesIn) == 1)
      handle.pendingDeliveries.add(-crowd)
      // Any command that is taken lets the senders go on.
      await handle.run { _ in }
      #expect(try await members[1].next() == .text("second"))
    }
  }

  @Test("Whoever waits for the count has it when the engine stops, and no account keeps anything")
  func stopped() async throws {
    let counts = Recorder<Int>()
    try await withMembers(2 * SessionReactor.deliverySliceCount) { fixture, handle, _ in
      let message = try broadcast("it", of: fixture)
      await handle.run { reactor in
        for _ in 0..<2 {
          reactor.deliver(message, isFirst: true, isAtOnce: false) { counts.note($0) }
        }
        reactor.deliverMore()
        // What members say as they end is queued, too.
        reactor.budget.change { $0.delivered(to: 1 << 20) }
        reactor.stop()
      }
      #expect(try await counts.all(atLeast: 2) == [SessionReactor.deliverySliceCount, 0])
      #expect(handle.pendingDeliveries.load() == 0)
    }
  }
}
