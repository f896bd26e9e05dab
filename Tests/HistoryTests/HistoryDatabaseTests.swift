import ControlProtocol
import Foundation
import GRDB
import TestSupport
import Testing
import Vocabulary

@testable import History

@Suite("The table of the history", .limited)
struct HistoryDatabaseTests {
  private func page(
    _ database: HistoryDatabase, _ query: HistoryQuery = HistoryQuery()
  ) throws -> HistoryPage {
    try database.page(query, now: Samples.now, store: .disk)
  }

  @Test("What is stored comes back as it was, also from a file that was closed")
  func roundTrip() throws {
    let folder = Folder()
    let entries = [
      Samples.session(7, ago: 30, code: .messageTooBig, by: .limit(.messageBytes)),
      Samples.event(.limit, "message-bytes 1MiB → 64KiB", ago: 20),
      Samples.session(8, ago: 10, by: .protocolViolation("reserved-opcode")) {
        $0.session?.path = "/\u{1B}[2J\u{202E}\u{0}'; DROP TABLE history; --"
        $0.session?.roundTripMilliseconds = nil
        $0.session?.tags = nil
        $0.query = nil
        $0.session?.query = nil
      },
      Samples.session(9, ago: 5, code: .serviceRestart, by: .operator) {
        $0.session?.ending?.actor = "root"
        $0.session?.ending?.act = 3
      },
    ]
    let first = try HistoryDatabase(path: folder.file(), maximumPageCount: nil)
    try first.insert(entries)
    try first.close()
    let second = try HistoryDatabase(path: folder.file(), maximumPageCount: nil)
    let page = try page(second)
    #expect(page.entries.map(\.number) == [4, 3, 2, 1])
    #expect(page.next == nil)
    let found = page.entries.reversed().map { entry in
      var entry = entry
      entry.number = 0
      return entry
    }
    var wanted = entries
    wanted[2].session?.path = "/\u{1B}[2J\u{202E}\u{FFFD}'; DROP TABLE history; --"
    #expect(found == wanted)
    try second.close()
    let reader = try HistoryDatabase(reading: folder.file())
    #expect(try reader.count() == 4)
  }

  @Test("Tags come back whatever is in them, and are filtered by")
  func tags() throws {
    let database = try HistoryDatabase()
    let tags = [
      "user:\u{1B}[2J\u{0}\n\",]", "vip", "\u{212A}", "x:" + String(repeating: "é", count: 128),
    ]
    try database.insert([
      Samples.session(0, ago: 2) { $0.session?.tags = tags },
      Samples.session(1, ago: 1) { $0.session?.tags = nil }, Samples.session(2),
    ])
    #expect(
      try page(database).entries.map { $0.session?.tags } == [["user:olga", "vip"], nil, tags])
    func found(_ filter: String) throws -> [Int] {
      try page(database, HistoryQuery(filter: filter)).entries.map(\.number)
    }
    #expect(try found("tag=vip") == [3, 1])
    #expect(try found("tag!=vip") == [2])
    #expect(try found("tag=user:olga") == [3])
    #expect(try found("tag=K").isEmpty)
  }

  @Test("Who closed a session is filtered by, and an older file has no such column")
  func actors() throws {
    let folder = Folder()
    let old = try HistoryDatabase(path: folder.file(), maximumPageCount: nil)
    try old.insert([Samples.session(0, by: .operator), Samples.event()])
    try old.close()
    let queue = try DatabaseQueue(path: folder.file())
    try queue.write { database in
      try database.execute(sql: "ALTER TABLE history DROP COLUMN act")
    }
    try queue.close()
    let reader = try HistoryDatabase(reading: folder.file())
    #expect(
      try page(reader, HistoryQuery(kinds: [.session])).entries.map { $0.session?.ending?.act }
        == [nil])
    try reader.close()
    let opened = try HistoryDatabase(path: folder.file(), maximumPageCount: nil)
    try opened.insert([
      Samples.session(1, by: .operator) {
        $0.session?.ending?.actor = "olga"
        $0.session?.ending?.act = 7
      }
    ])
    let found = try page(opened, HistoryQuery(filter: "actor=olga")).entries
    #expect(found.map { $0.session?.ending?.byWhom } == ["operator olga (act 7)"])
    #expect(found.first?.actor == nil)
    #expect(try page(opened, HistoryQuery(filter: "actor!=olga")).entries.count == 1)
    #expect(try page(opened, HistoryQuery(kinds: [.act])).entries.first?.actor == "uid 0 pid 1")
  }

  @Test(
    "A file without tags gets a column for them, and is read as it is without an engine")
  func migration() throws {
    let folder = Folder()
    let old = try HistoryDatabase(path: folder.file(), maximumPageCount: nil)
    try old.insert([Samples.session(0)])
    try old.close()
    let queue = try DatabaseQueue(path: folder.file())
    try queue.write { database in
      try database.execute(sql: "ALTER TABLE history DROP COLUMN tags")
    }
    try queue.close()
    let reader = try HistoryDatabase(reading: folder.file())
    let before = try page(reader).entries
    #expect(before.map(\.number) == [1] && before.first?.session?.tags == nil)
    #expect(try page(reader, HistoryQuery(filter: "tag!=vip")).entries.count == 1)
    try reader.close()
    let opened = try HistoryDatabase(path: folder.file(), maximumPageCount: nil)
    try opened.insert([Samples.session(1)])
    #expect(try page(opened).entries.map { $0.session?.tags } == [["user:olga", "vip"], nil])
    try opened.close()
    let again = try HistoryDatabase(path: folder.file(), maximumPageCount: nil)
    #expect(try page(again).entries.count == 2)
  }

  @Test("Pages go from the newest to the oldest, each entry once, whatever the clock did")
  func paging() throws {
    let database = try HistoryDatabase()
    // The clock was set back in the middle, and some happened at the same moment.
    let ages = (0..<100).map { Double(($0 * 37) % 50) }
    try database.insert(ages.enumerated().map { Samples.session($0.offset, ago: $0.element) })
    var query = HistoryQuery(limit: 7)
    var numbers: [Int] = []
    var times: [Double] = []
    repeat {
      let page = try page(database, query)
      numbers += page.entries.map(\.number)
      times += page.entries.map(\.at)
      query.cursor = page.next
    } while query.cursor != nil
    #expect(Set(numbers) == Set(1...100) && numbers.count == 100)
    #expect(times == times.sorted(by: >))
  }

  @Test(
    "Filter, kinds and times choose",
    arguments: [
      (HistoryQuery(), [5, 4, 3, 2, 1, 0]),
      (HistoryQuery(filter: "code=1009"), [3, 1]),
      (HistoryQuery(filter: "who=limit"), [3]),
      (HistoryQuery(filter: "!tls"), []),
      (HistoryQuery(filter: "in.messages>=1 in.messages<=3"), [3, 1]),
      (HistoryQuery(filter: "closed<25s"), [5, 3]),
      (HistoryQuery(kinds: [.act]), [2]),
      (HistoryQuery(kinds: [.act, .problem]), [4, 2]),
      (HistoryQuery(kinds: [.act, .session]), [5, 3, 2, 1, 0]),
      (HistoryQuery(filter: "code=1009", kinds: [.act]), []),
      (HistoryQuery(since: Samples.now - 30), [5, 4, 3, 2]),
      (HistoryQuery(until: Samples.now - 30), [1, 0]),
      (HistoryQuery(since: Samples.now - 40, until: Samples.now - 20), [2, 1]),
      (HistoryQuery(kinds: [.session], since: Samples.now - 40), [5, 3, 1]),
    ] as [(HistoryQuery, [Int])])
  func choices(query: HistoryQuery, wanted: [Int]) throws {
    let database = try HistoryDatabase()
    try database.insert([
      Samples.session(0, ago: 50), Samples.session(1, ago: 40, code: .messageTooBig),
      Samples.event(ago: 30),
      Samples.session(3, ago: 20, code: .messageTooBig, by: .limit(.messageBytes)),
      Samples.event(.problem, "no descriptor is left", ago: 10), Samples.session(5, ago: 0),
    ])
    #expect(try page(database, query).entries.map { $0.number - 1 } == wanted)
  }

  @Test("A search that takes too long gives what it has, and where to go on")
  func longSearch() throws {
    let database = try HistoryDatabase()
    try database.insert((0..<1000).map { Samples.session($0, ago: Double($0)) })
    var query = HistoryQuery(filter: "in.messages>=990", limit: 500)
    var found: [HistoryEntry] = []
    var pageCount = 0
    repeat {
      // A clock that is beyond the end at the second look.
      var instant = Instant(nanoseconds: 0)
      let page = try database.page(query, now: Samples.now, store: .disk) {
        defer { instant = instant.advanced(by: HistoryDatabase.searchDuration) }
        return instant
      }
      found += page.entries
      query.cursor = page.next
      pageCount += 1
    } while query.cursor != nil && pageCount < 100
    #expect(pageCount == 8)
    #expect(found.compactMap(\.session?.messagesIn) == Array(990..<1000))
  }

  @Test("Nothing that another program made is touched")
  func foreign() throws {
    let folder = Folder()
    let other = try DatabaseQueue(path: folder.file())
    try other.write { try $0.execute(sql: "CREATE TABLE theirs (x)") }
    try other.close()
    chmod(folder.file(), 0o600)
    let bytes = FileManager.default.contents(atPath: folder.file())
    #expect(throws: HistorySchema.Failure.foreign) {
      try HistoryDatabase(path: folder.file(), maximumPageCount: nil)
    }
    #expect(throws: HistorySchema.Failure.foreign) {
      try HistoryDatabase(reading: folder.file())
    }
    #expect(FileManager.default.contents(atPath: folder.file()) == bytes)
  }

  @Test("The oldest to be read are the oldest to be deleted, in whatever order they came")
  func oldest() throws {
    let database = try HistoryDatabase()
    try database.insert((0..<100).map { Samples.session($0, ago: Double($0 * 37 % 100)) })
    let first = try database.oldest(30).map(\.at)
    #expect(first == first.sorted())
    #expect(try database.deleteOldest(30) == 30)
    let rest = try database.oldest(100).map(\.at)
    try #require(rest.count == 70)
    #expect(first.last.map { $0 < rest[0] } == true)
  }

  @Test("A filter of subprotocols finds the sessions that spoke them")
  func subprotocol() throws {
    let database = try HistoryDatabase()
    try database.insert([Samples.session(0), Samples.session(1) { $0.subprotocol = "chat.v2" }])
    func count(_ filter: String) throws -> Int {
      try database.page(HistoryQuery(filter: filter), now: Samples.now, store: .memory)
        .entries.count
    }
    #expect(try count("subprotocol=chat.v2") == 1)
    #expect(try count("!subprotocol=chat.v2") == 1)
  }

  @Test("A file of a later version is not touched")
  func newer() throws {
    let folder = Folder()
    try HistoryDatabase(path: folder.file(), maximumPageCount: nil).close()
    let other = try DatabaseQueue(path: folder.file())
    try other.write { try $0.execute(sql: "PRAGMA user_version = 99") }
    try other.close()
    #expect(throws: HistorySchema.Failure.newer(99)) {
      try HistoryDatabase(path: folder.file(), maximumPageCount: nil)
    }
  }

  @Test("An entry that this version does not understand is passed over")
  func unknownKind() throws {
    let database = try HistoryDatabase()
    try database.insert([Samples.session(0), Samples.session(1)])
    let folder = Folder()
    let file = try HistoryDatabase(path: folder.file(), maximumPageCount: nil)
    try file.insert([Samples.session(0), Samples.session(1)])
    try file.close()
    let other = try DatabaseQueue(path: folder.file())
    try other.write {
      try $0.execute(sql: "UPDATE history SET who = 'limit:of-tomorrow' WHERE number = 1")
    }
    try other.close()
    let again = try HistoryDatabase(path: folder.file(), maximumPageCount: nil)
    #expect(try page(again).entries.map(\.number) == [2])
  }

  @Test("Entries and questions find their index, and sort nothing")
  func plans() throws {
    let folder = Folder()
    try HistoryDatabase(path: folder.file(), maximumPageCount: nil).close()
    let other = try DatabaseQueue(path: folder.file())
    for terms in ["at >= 5", "is_session = 0 AND kind IN ('act')", "(at, number) < (5, 7)"] {
      let plan = try other.read {
        try Row.fetchAll(
          $0,
          sql: "EXPLAIN QUERY PLAN SELECT * FROM history WHERE \(terms) "
            + "ORDER BY at DESC, number DESC"
        ).map { $0["detail"] as String? ?? "" }.joined()
      }
      #expect(plan.contains("USING INDEX") && !plan.contains("TEMP B-TREE"), "\(plan)")
    }
  }
}
