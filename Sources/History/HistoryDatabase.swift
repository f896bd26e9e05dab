import ControlProtocol
import EventLoop
import GRDB
import Vocabulary

/// The history in SQLite: a file, or a database in memory with the same table.
///
/// Entries are looked at from the newest to the oldest by time, so that a clock that was set back
/// puts none out of reach. Confined to one thread.
final class HistoryDatabase {
  /// How many entries one transaction stores or deletes.
  static let batchCount = 1000
  /// How long a search may take before it gives back what it has.
  static let searchDuration = Duration.milliseconds(300)

  private let queue: DatabaseQueue

  /// An empty database in memory.
  init() throws {
    queue = try DatabaseQueue()
    try queue.write { try HistorySchema.prepare($0) }
  }

  /// Opens a file, or makes it.
  ///
  /// - Parameter maximumPageCount: the most pages that it may grow to; nil: any number.
  init(path: String, maximumPageCount: Int?) throws {
    var configuration = Configuration()
    configuration.busyMode = .timeout(1)
    configuration.prepareDatabase { database in
      // A file of somebody else's is left as it is.
      guard try HistorySchema.isEmptyOrOurs(database) else { return }
      // Before the first table is made: so that the file shrinks when entries are deleted.
      try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
      // A crash of the machine may cost the last seconds, and never the file.
      try database.execute(sql: "PRAGMA journal_mode = WAL")
      try database.execute(sql: "PRAGMA synchronous = NORMAL")
      try database.execute(sql: "PRAGMA journal_size_limit = 16777216")
      if let maximumPageCount {
        try database.execute(sql: "PRAGMA max_page_count = \(maximumPageCount)")
      }
    }
    // What clients sent is nobody else's affair; SQLite gives its other files the same mode.
    try PrivateFile.make(at: path)
    queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.write { try HistorySchema.prepare($0) }
  }

  /// Opens a file for reading alone.
  init(reading path: String) throws {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(1)
    queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.read { database in
      guard try database.tableExists("history") else { throw HistorySchema.Failure.foreign }
      try HistorySchema.prepare(database)
    }
  }

  /// Lets the file go, and the write-ahead log into it.
  func close() {
    try? queue.close()
  }

  /// Stores entries: all of them or none.
  func insert(_ entries: some Collection<HistoryEntry>) throws {
    try queue.write { database in
      let statement = try database.cachedStatement(sql: HistoryEntry.insertion)
      for entry in entries { try statement.execute(arguments: entry.values) }
    }
  }

  /// The oldest entries by time, those that `deleteOldest` deletes.
  func oldest(_ count: Int) throws -> [HistoryEntry] {
    try queue.read { database in
      try Row.fetchAll(
        database, sql: "SELECT * FROM history ORDER BY at, number LIMIT ?", arguments: [count]
      ).compactMap(HistoryEntry.init)
    }
  }

  /// How many entries there are.
  func count() throws -> Int {
    try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM history") ?? 0 }
  }

  /// How many bytes are in use; what deleted entries left is not.
  func byteCount() throws -> Int {
    try queue.read { database in
      func number(_ name: String) throws -> Int {
        try Int.fetchOne(database, sql: "PRAGMA \(name)") ?? 0
      }
      return (try number("page_count") - number("freelist_count")) * (try number("page_size"))
    }
  }

  /// Deletes some of the entries that are older than a moment; gives how many.
  func delete(before seconds: Double) throws -> Int {
    try delete(
      """
      number IN (SELECT number FROM history WHERE at < ? ORDER BY at LIMIT \(Self.batchCount))
      """, [seconds])
  }

  /// Deletes the oldest entries; gives how many.
  func deleteOldest(_ count: Int) throws -> Int {
    try delete("number IN (SELECT number FROM history ORDER BY at, number LIMIT ?)", [count])
  }

  private func delete(_ condition: String, _ arguments: StatementArguments) throws -> Int {
    try queue.write { database in
      try database.execute(sql: "DELETE FROM history WHERE \(condition)", arguments: arguments)
      let count = database.changesCount
      // Some pages at a time: all of them at once would keep others waiting.
      try database.execute(sql: "PRAGMA incremental_vacuum(1000)")
      return count
    }
  }

  /// A page of the history.
  ///
  /// - Parameters:
  ///   - now: the time in seconds since 1970, which the filter measures ages against.
  ///   - clock: tells how long the search has taken.
  func page(
    _ query: HistoryQuery, now: Double, store: HistoryStore,
    clock: () -> Instant = { SystemClock.monotonic() }
  ) throws -> HistoryPage {
    let filter = try SessionFilter(query.filter)
    let (sql, arguments) = Self.statement(query, sessionsAlone: !filter.isEmpty)
    let end = clock().advanced(by: Self.searchDuration)
    return try queue.read { database in
      var page = HistoryPage(engine: "", store: store, entries: [])
      let rows = try Row.fetchCursor(database, sql: sql, arguments: arguments)
      var seen = 0
      while let row = try rows.next() {
        let place = HistoryCursor(
          at: row["at"] as Double? ?? 0, number: row["number"] as Int? ?? 0)
        if page.entries.count == query.limit {
          page.next = page.entries.last.map { HistoryCursor(at: $0.at, number: $0.number) }
          break
        }
        if let entry = HistoryEntry(row), filter.accepts(entry, now: now) {
          page.entries.append(entry)
        }
        seen += 1
        if seen.isMultiple(of: 128), clock() >= end {
          page.next = place
          break
        }
      }
      return page
    }
  }

  private static func statement(
    _ query: HistoryQuery, sessionsAlone: Bool
  ) -> (sql: String, arguments: StatementArguments) {
    var terms: [String] = []
    var arguments = StatementArguments()
    let kinds = query.kinds.isEmpty ? HistoryEntry.Kind.allCases : query.kinds
    let wanted = sessionsAlone ? kinds.filter { $0 == .session } : kinds
    // The kinds are words of this program. Few of the entries are events: their index finds them.
    if !wanted.contains(.session) {
      terms.append("is_session = 0")
    } else if wanted.count == 1 {
      terms.append("is_session = 1")
    }
    terms.append("kind IN (\(wanted.map { "'\($0.rawValue)'" }.joined(separator: ", ")))")
    if let since = query.since {
      terms.append("at >= ?")
      arguments += [since]
    }
    if let until = query.until {
      terms.append("at < ?")
      arguments += [until]
    }
    if let cursor = query.cursor {
      terms.append("(at, number) < (?, ?)")
      arguments += [cursor.at, cursor.number]
    }
    return (
      "SELECT * FROM history WHERE \(terms.joined(separator: " AND ")) ORDER BY at DESC, number DESC",
      arguments
    )
  }
}

extension SessionFilter {
  /// Whether an entry is wanted: any by an empty filter, by others only sessions that match.
  fileprivate func accepts(_ entry: HistoryEntry, now: Double) -> Bool {
    isEmpty || entry.session.map { matches($0, now: now) } ?? false
  }
}
