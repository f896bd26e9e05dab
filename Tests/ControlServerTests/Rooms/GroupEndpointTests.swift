import ControlProtocol
import TestSupport
import Testing
import Vocabulary
import WebSocketEngine

@testable import ControlServer

@Suite("Rooms and routes in the control API", .limited, .timeLimit(.minutes(5)))
struct GroupEndpointTests {
  private func list(_ client: HTTPPeer, _ target: String) throws -> GroupList {
    let reply = try client.get(target)
    #expect(reply.status == 200)
    return try reply.decode()
  }

  /// Asks until what passes was measured twice.
  private func measured(
    _ client: HTTPPeer, _ target: String, where isWanted: (GroupRow) -> Bool
  ) throws -> GroupRow {
    try #require(
      try waitFor {
        try list(client, target).groups.first { $0.rates != nil && isWanted($0) }
      })
  }

  @Test("Rooms have their members over all reactors, their broadcasts and what became of them")
  func rooms() async throws {
    try await TestEngine.run(reactorCount: 3) { engine in
      let client = try engine.client()
      #expect(try list(client, "/v1/rooms").groups.isEmpty)
      _ = try engine.sessions(5, "/ws/room/a")
      _ = try engine.sessions(2, "/ws/room/b%20b")
      let server = engine.server
      #expect(try await server.rooms.broadcast("12345", to: "a") == 5)
      #expect(try await server.rooms.broadcast("1234567", to: "a") == 5)
      let room = try #require(
        try waitFor {
          try list(client, "/v1/rooms").groups.first {
            // A measurement asks one reactor after the other, perhaps with a broadcast between.
            $0.name == "a" && $0.messagesIn == 2 && $0.messagesOut == 10
          }
        })
      #expect(room.sessions == 5)
      #expect(room.messagesOut == 10 && room.bytesIn == 12 && room.bytesOut == 60)
      let all = try list(client, "/v1/rooms")
      #expect(all.kind == .rooms && all.engine == server.run)
      #expect(all.total == 2 && all.groups.map(\.name) == ["a", "b b"])
      #expect(
        try list(client, "/v1/rooms?sort=name&order=desc&limit=1").groups.map(\.name) == ["b b"])
      let second = try list(client, "/v1/rooms?offset=1")
      #expect(second.total == 2 && second.offset == 1 && second.groups.map(\.name) == ["b b"])
      #expect(try list(client, "/v1/rooms?name=B*b").groups.map(\.name) == ["b b"])
      #expect(try client.get("/v1/rooms?sort=age").errorCode == "invalid-query")
    }
  }

  @Test("Rooms whose names are equivalent for a String have rows and rates of their own")
  func otherBytes() async throws {
    try await TestEngine.run(reactorCount: 2) { engine in
      let client = try engine.client()
      _ = try engine.sessions(3, "/ws/room/K")
      _ = try engine.sessions(1, "/ws/room/%E2%84%AA")
      let rooms = engine.server.rooms
      #expect(try await rooms.broadcast("123", to: "\u{212A}") == 1)
      let rows = try #require(
        try waitFor { () -> [GroupRow]? in
          let rows = try list(client, "/v1/rooms?sort=name").groups
          return rows.count == 2 && rows.allSatisfy { $0.rates != nil } ? rows : nil
        })
      #expect(rows.map(\.name.utf8.count) == [1, 3])
      #expect(rows.map(\.sessions) == [3, 1])
      #expect(rows.map(\.messagesIn) == [0, 1])
      #expect(try list(client, "/v1/rooms?name=K").total == 1)
    }
  }

  @Test("What passes a second is measured, in rooms and on routes")
  func rates() async throws {
    try await TestEngine.run { engine in
      let client = try engine.client()
      let sessions = try engine.sessions(2, "/ws/room/a")
      let server = engine.server
      let sender = Task {
        while !Task.isCancelled {
          _ = try await server.rooms.broadcast("hello", to: "a")
          try await Task.sleep(for: .milliseconds(5))
        }
      }
      defer { sender.cancel() }
      let room = try measured(client, "/v1/rooms") { row in
        guard let rates = row.rates, rates.messagesIn > 0, rates.messagesOut > 0 else {
          return false
        }
        // Reactors are asked one after the other, and broadcasts go on between if that takes time.
        return abs(rates.messagesOut - 2 * rates.messagesIn) < 20
      }
      let rates = try #require(room.rates)
      #expect(rates.bytesOut > 0)
      let route = try measured(client, "/v1/routes?name=room") {
        ($0.rates?.messagesOut ?? 0) > 0
      }
      #expect(route.name == "/ws/room/{room}" && route.sessions == 2)
      withExtendedLifetime(sessions) {}
    }
  }

  @Test("What sessions did counts for their route after they are gone")
  func routes() async throws {
    try await TestEngine.run { engine in
      let client = try engine.client()
      let opened = try engine.sessions(2)
      for (_, peer) in opened {
        try peer.send("hello")
        #expect(try peer.receive() == .text("hello"))
      }
      func echo(where isWanted: (GroupRow) -> Bool) throws -> GroupRow? {
        try waitFor {
          try list(client, "/v1/routes").groups.first { $0.name == "/ws/echo" && isWanted($0) }
        }
      }
      #expect(
        try echo { $0.sessions == 2 && $0.messagesIn == 2 && $0.bytesOut == 10 } != nil)
      opened[0].peer.stream.shutDownWriting()
      #expect(
        try echo { $0.sessions == 1 && $0.messagesIn == 2 && $0.messagesOut == 2 } != nil)
      #expect(try list(client, "/v1/routes").total == engine.server.routePatterns.count)
    }
  }

  @Test("Live sessions are grouped by a field, as far as they match, with their sums")
  func sessionGroups() async throws {
    try await TestEngine.run(reactorCount: 2) { engine in
      let client = try engine.client()
      let opened = try engine.sessions(3)
      _ = try engine.sessions(2, "/ws/room/a")
      for (_, peer) in opened {
        try peer.send("hello")
        #expect(try peer.receive() == .text("hello"))
      }
      func group(_ query: String, where isWanted: (GroupRow) -> Bool) throws -> GroupRow {
        try measured(client, "/v1/groups?" + query, where: isWanted)
      }
      let echo = try group("by=route") { $0.name == "/ws/echo" && $0.bytesOut == 15 }
      #expect(echo.sessions == 3 && echo.messagesIn == 3)
      let block = try group("by=addr") { $0.sessions == 5 }
      #expect(block.name == "127.0.0.0/24")
      let some = try group("by=addr&filter=route=/ws/echo") { $0.sessions == 3 }
      #expect(some.name == "127.0.0.0/24" && some.messagesIn == 3)
      let untagged = try group("by=tag") { $0.sessions == 5 }
      #expect(untagged.name.isEmpty)
      let none = try list(client, "/v1/groups?by=ua&filter=route=/nowhere")
      #expect(none.groups.isEmpty && none.by == .userAgent && none.leftOutSessions == 0)
      #expect(try client.get("/v1/groups?by=colour").errorCode == "invalid-query")
      let watch = try WebSocketPeer(
        watching: engine.path,
        WatchRequest(groups: GroupQuery(by: .address), intervalMilliseconds: 50))
      let snapshot = try watch.snapshot { $0.groups?.by == .address }
      #expect(snapshot.groups?.groups.map(\.name) == ["127.0.0.0/24"])
      try watch.look(
        at: WatchRequest(
          groups: GroupQuery(by: .address, filter: "nonsense"), intervalMilliseconds: 50))
      _ = try watch.snapshot { $0.filterError != nil }
    }
  }

  @Test("Groups beyond the bound are left out, and their sessions counted")
  func bound() {
    var measurement = GroupMeasurement(at: Instant(nanoseconds: 1))
    for number in 0..<10 {
      var row = GroupRow(name: "agent \(number % 5)")
      row.sessions = 1
      measurement.add(row, upTo: 3)
    }
    #expect(measurement.rows.map(\.sessions) == [2, 2, 2] && measurement.leftOutSessionCount == 4)
  }

  @Test("Groups of sessions are forgotten when nobody looks, and only so many sources are kept")
  func forgetting() {
    var board = GroupBoard()
    func look(_ number: Int, at seconds: Int) {
      let now = Instant(nanoseconds: 1).advanced(by: .seconds(seconds))
      _ = board.list(GroupQuery(by: .tag, filter: "port=\(number)"), run: "r", at: now)
    }
    for number in 0..<(GroupBoard.maximumSourceCount + 5) { look(number, at: number) }
    #expect(board.sources.count == GroupBoard.maximumSourceCount)
    _ = board.list(GroupQuery(.rooms), run: "r", at: Instant(nanoseconds: 1))
    board.forgetIdle(at: Instant(nanoseconds: 1).advanced(by: .seconds(1000)))
    #expect(board.sources == [.rooms])
  }

  @Test("A view of the redacted does not share the groups of those who may see them")
  func roles() {
    let query = GroupQuery(by: .userAgent, filter: "ua=secret")
    #expect(GroupSource(query, for: .view) != GroupSource(query, for: .operate))
    #expect(
      GroupSource(GroupQuery(.rooms), for: .view) == GroupSource(GroupQuery(.rooms), for: .operate))
  }

  @Test("A watch pushes the window that it asks for")
  func watch() async throws {
    try await TestEngine.run { engine in
      _ = try engine.sessions(3, "/ws/room/a")
      let watch = try WebSocketPeer(
        watching: engine.path,
        WatchRequest(groups: GroupQuery(.rooms, limit: 1), intervalMilliseconds: 50))
      let snapshot = try watch.snapshot { $0.groups != nil }
      #expect(snapshot.groups?.groups.map(\.name) == ["a"])
      _ = try watch.snapshot { $0.groups?.groups.first?.rates != nil }
      try watch.look(at: WatchRequest(groups: GroupQuery(.routes), intervalMilliseconds: 50))
      let routes = try watch.snapshot { $0.groups?.kind == .routes }
      #expect(routes.groups?.groups.map(\.name).sorted() == engine.server.routePatterns.sorted())
    }
  }

  @Test("Rooms are measured once a second while somebody looks, however many there are")
  func many() {
    var board = GroupBoard()
    let rows = (0..<20_000).map { number in
      var row = GroupRow(name: "room-\(number)")
      row.sessions = number
      return row
    }
    func began(after milliseconds: Int) -> Bool {
      board.beginMeasuring(.rooms, at: now.advanced(by: .milliseconds(milliseconds)))
    }
    let now = Instant(nanoseconds: 1)
    let isWanted = [
      began(after: 0), board.list(GroupQuery(.rooms), run: "r", at: now) != nil, began(after: 0),
      began(after: 0),
    ]
    #expect(isWanted == [false, false, true, false], "nobody looks; nothing; now; under way")
    func measure(at moment: Instant) -> (isFirst: Bool, stepCount: Int) {
      let census = GroupCensus(rows, since: board.last(.rooms, at: moment), at: moment)
      var stepCount = 1
      var measurement = census.step(until: Instant(nanoseconds: 0))
      while measurement == nil {
        stepCount += 1
        measurement = census.step(until: Instant(nanoseconds: 0))
      }
      return measurement.map { (board.take($0, of: .rooms), stepCount) } ?? (false, 0)
    }
    let (isFirst, stepCount) = measure(at: now)
    #expect(stepCount > 100, "a step that has no time looks at few")
    let list = board.list(GroupQuery(.rooms, limit: 2), run: "r", at: now)
    #expect(isFirst && list?.total == 20_000)
    #expect(list?.groups.map(\.name) == ["room-19999", "room-19998"])
    let isDue = [began(after: 500), began(after: 1000)]
    let again = measure(at: now.advanced(by: .seconds(1)))
    #expect(!again.isFirst && again.stepCount > 200)
    let rated = board.list(
      GroupQuery(.rooms, limit: 1), run: "r", at: now.advanced(by: .seconds(1)))
    #expect(rated?.total == 20_000 && rated?.groups.first?.rates == GroupRow.Rates())
    let looksOn = began(after: 11_000)
    #expect(isDue == [false, true] && !looksOn)
  }
}
