import ControlProtocol
import EventLoop
import GRDB
import Synchronization
import Vocabulary

/// The history in SQLite: a file, or a database in memory with the same table.
///
/// Entries are looked at from the newest to the oldest by time, so that a clock that was set back
/// puts none out of reach. Confined to one thread.
final class HistoryDatabase {
  /// How many entries one transaction stores or deletes.
  static let batchCount = 1000
  /// How long a search may take before it returns the entries found so far.
  static let searchDuration = Duration.milliseconds(300)

  private let queue: DatabaseQueue
  /// The files in use; nil for a database in memory, or one that is only read.
  private let files: HistoryFiles?
  /// The path of a file that is read as immutable, since nobody writes to it; nil for any other.
  private let immutablePath: String?

  /// Databases whose files others have replaced: see `close`.
  private static let abandoned = Mutex<[DatabaseQueue]>([])

  /// An empty database in memory.
  init() throws {
    files = nil
    immutablePath = nil
    queue = try DatabaseQueue()
    try queue.write { try HistorySchema.prepare($0) }
  }

  /// Opens a file, or makes it.
  ///
  /// The file and those beside it must be this user's alone, and no links.
  ///
  /// - Parameters:
  ///   - maximumPageCount: the most pages that it may grow to; nil: any number.
  ///   - maximumByteCount: how many bytes it is to have, by which its write-ahead log is measured.
  init(
    path: String, maximumPageCount: Int?,
    maximumByteCount: Int = HistorySettings(path: nil).maximumByteCount
  ) throws {
    let logByteCount = min(max(maximumByteCount / 16, 64 << 10), 16 << 20)
    let logPageCount = min(logByteCount / 4096, 1000)
    var configuration = Configuration()
    configuration.busyMode = .timeout(1)
    configuration.prepareDatabase { database in
      // A file of another program is left as it is.
      guard try HistorySchema.isEmptyOrOurs(database) else { return }
      // `auto_vacuum` is set before the first table is made, so that the file shrinks after
      // deletions.
      try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
      // WAL and NORMAL: a crash of the machine may cost the last seconds, and never the file.
      try database.execute(sql: "PRAGMA journal_mode = WAL")
      try database.execute(sql: "PRAGMA synchronous = NORMAL")
      try database.execute(sql: "PRAGMA journal_size_limit = \(logByteCount)")
      try database.execute(sql: "PRAGMA wal_autocheckpoint = \(logPageCount)")
      if let maximumPageCount {
        try database.execute(sql: "PRAGMA max_page_count = \(maximumPageCount)")
      }
    }
    // The files are for this user alone, as they hold what clients sent; SQLite gives the files
    // that it makes beside the database the same mode.
    var files = HistoryFiles(path)
    try files.claim()
    immutablePath = nil
    queue = try DatabaseQueue(path: Self.plain(path), configuration: configuration)
    try queue.write { database in
      try HistorySchema.prepare(database)
      try HistorySchema.complete(database)
    }
    try files.confirm()
    self.files = files
  }

  /// Opens a file for reading alone.
  ///
  /// Without a write-ahead log beside it nobody writes to it: SQLite is told so, and does not want
  /// to make a log, which a medium that cannot be written would not let it.
  init(reading path: String) throws {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(1)
    files = nil
    // `ReadableFile` is asked first, as SQLite's own sentence would not say why.
    try ReadableFile.check(path)
    let log = HistoryFiles(path).log
    let logByteCount = try FileIdentity.byteCount(at: log)
    func open(immutable: Bool) throws -> DatabaseQueue {
      let queue = try DatabaseQueue(
        path: immutable ? Self.immutable(path) : Self.plain(path), configuration: configuration)
      try queue.read { database in
        guard try database.tableExists("history") else { throw HistorySchema.Failure.foreign }
        try HistorySchema.prepare(database)
      }
      return queue
    }
    do {
      queue = try open(immutable: logByteCount == nil)
      immutablePath = logByteCount == nil ? path : nil
    } catch let error as DatabaseError
      where logByteCount != nil && Self.cannotShare.contains(error.resultCode)
    {
      guard logByteCount == 0 else { throw LogUnreadable(log: log) }
      queue = try open(immutable: true)
      immutablePath = nil
    }
  }

  /// The errors of SQLite where it cannot make the file through which readers and writers share a
  /// write-ahead log.
  private static let cannotShare: [ResultCode] = [.SQLITE_CANTOPEN, .SQLITE_READONLY]

  /// A write-ahead log that cannot be read where it lies.
  struct LogUnreadable: Error, CustomStringConvertible {
    let log: String

    var description: String {
      "\(log): the newest entries stand there, and its directory cannot be written, which reading "
        + "them takes: copy the file with those beside it to a directory of your own"
    }
  }

  /// Whether a file that is read as immutable has a write-ahead log by now.
  func isOutdated() throws -> Bool {
    guard let immutablePath else { return false }
    return try FileIdentity(at: HistoryFiles(immutablePath).log) != nil
  }

  /// A path in the form that SQLite takes for a path; it takes a text that begins with `file:` for
  /// a URI.
  private static func plain(_ path: String) -> String {
    // Bytes that are no UTF-8 can be written in a URI alone.
    if FileName.hasEscapes(path) { return uri(path) }
    return path.utf8.starts(with: "file:".utf8) ? "./\(path)" : path
  }

  /// The URI of a file that nobody writes to.
  private static func immutable(_ path: String) -> String { uri(path) + "?immutable=1" }

  private static func uri(_ path: String) -> String {
    var uri = "file:"
    for byte in FileName.bytes(path) {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
        UInt8(ascii: "-"), UInt8(ascii: "_"):
        uri.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        uri += byte < 16 ? "%0\(String(byte, radix: 16))" : "%\(String(byte, radix: 16))"
      }
    }
    return uri
  }

  /// Lets the file go, and the write-ahead log into it.
  ///
  /// SQLite then removes the log by its name. If another file lies there by now the database stays
  /// open for the rest of the process: its descriptors cost less than the entries of another
  /// engine.
  func close() throws {
    if let files, try !files.canBeRemoved() {
      return Self.abandoned.withLock { $0.append(queue) }
    }
    try queue.close()
  }

  /// The displacement of the files in use; nil if they lie where they did.
  func displacement() throws -> HistoryFiles.Displacement? { try files?.displacement() }

  // MARK: Runs

  /// A run of an engine without a noted end.
  struct UnfinishedRun: Equatable {
    var run: String
    /// The time of its last entry, in seconds since 1970.
    var lastEntryAt: Double
  }

  /// Notes that a run begins, and returns the last one before it if that did not end with `endRun`;
  /// it is returned once.
  func beginRun(_ run: String, at seconds: Double) throws -> UnfinishedRun? {
    try queue.write { database in
      let row = try Row.fetchOne(
        database,
        sql: """
          SELECT run, started FROM history_runs WHERE ended IS NULL AND run <> ?
          ORDER BY rowid DESC LIMIT 1
          """, arguments: [run])
      try database.execute(
        sql: "INSERT OR IGNORE INTO history_runs (run, started) VALUES (?, ?)",
        arguments: [run, seconds])
      guard let row, let former = row["run"] as String? else { return nil }
      // The order is from the newest entry on, near which the last ones of that run are.
      let last = try Double.fetchOne(
        database, sql: "SELECT at FROM history WHERE run = ? ORDER BY number DESC LIMIT 1",
        arguments: [former])
      let lastEntryAt = last ?? row["started"] as Double? ?? seconds
      try database.execute(
        sql: "UPDATE history_runs SET ended = ? WHERE ended IS NULL AND run <> ?",
        arguments: [lastEntryAt, run])
      return UnfinishedRun(run: former, lastEntryAt: lastEntryAt)
    }
  }

  /// Notes that a run ends as it should, and forgets runs that ended long ago.
  func endRun(_ run: String, at seconds: Double) throws {
    try queue.write { database in
      try database.execute(
        sql: "UPDATE history_runs SET ended = ? WHERE run = ?", arguments: [seconds, run])
      try database.execute(
        sql: """
          DELETE FROM history_runs WHERE rowid NOT IN
            (SELECT rowid FROM history_runs ORDER BY rowid DESC LIMIT 100)
          """)
    }
  }

  /// Stores entries: all of them or none.
  func insert(_ entries: some Collection<HistoryEntry>) throws {
    try queue.write { database in
      let statement = try database.cachedStatement(sql: HistoryEntry.insertion)
      for entry in entries { try statement.execute(arguments: entry.values) }
    }
  }

  /// The oldest entries by time, the ones that `deleteOldest` deletes.
  func oldest(_ count: Int) throws -> [HistoryEntry] {
    try queue.read { database in
      try Row.fetchAll(
        database, sql: "SELECT * FROM history ORDER BY at, number LIMIT ?", arguments: [count]
      ).compactMap(HistoryEntry.init)
    }
  }

  /// The number of the newest entry; 0 without any.
  func lastNumber() throws -> Int {
    try queue.read { try Int.fetchOne($0, sql: "SELECT max(number) FROM history") ?? 0 }
  }

  /// The entries with greater numbers, the newest ones if there are more than wanted.
  func entries(after number: Int, atMost count: Int) throws -> [HistoryEntry] {
    try queue.read { database in
      try Row.fetchAll(
        database, sql: "SELECT * FROM history WHERE number > ? ORDER BY number DESC LIMIT ?",
        arguments: [number, count]
      ).reversed().compactMap(HistoryEntry.init)
    }
  }

  /// How many entries there are.
  func count() throws -> Int {
    try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM history") ?? 0 }
  }

  /// How many bytes the database has, without its write-ahead log.
  func pageByteCount() throws -> Int {
    try queue.read { database in
      func number(_ name: String) throws -> Int {
        try Int.fetchOne(database, sql: "PRAGMA \(name)") ?? 0
      }
      return try number("page_count") * number("page_size")
    }
  }

  /// How many bytes the file and its write-ahead log have.
  func byteCount() throws -> Int {
    try pageByteCount() + (files?.logByteCount() ?? 0)
  }

  /// Writes the write-ahead log into the file and makes it empty, unless somebody reads in it.
  func emptyLog() throws {
    // A log in use is told in the row that comes back, not by an error.
    _ = try queue.writeWithoutTransaction {
      try Row.fetchOne($0, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
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
      // The vacuum frees some pages at a time: all of them at once would keep others waiting.
      try database.execute(sql: "PRAGMA incremental_vacuum(1000)")
      return count
    }
  }

  /// A page of the history.
  ///
  /// - Parameters:
  ///   - now: the time in seconds since 1970, which the filter measures ages against.
  /// - Parameter clock: measures how long the search has taken.
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
