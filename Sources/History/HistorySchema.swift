import GRDB

/// The table of the history, and how a file is made ready for it.
enum HistorySchema {
  /// Marks files of this program: `wstp`.
  static let applicationID: Int32 = 0x7773_7470

  /// The first version of the table; a file of a later one is not touched.
  static let version = 1

  /// The reason for which a file is not used.
  enum Failure: Error, Equatable, CustomStringConvertible {
    case foreign
    case newer(Int)

    var description: String {
      switch self {
      case .foreign: "it is a database of another program"
      case .newer(let version): "it was written by a newer wstop (version \(version) of the table)"
      }
    }
  }

  /// Checks that the database is ours or empty, and makes the table if it is empty.
  static func prepare(_ database: Database) throws {
    guard try tableCount(database) > 0 else { return try make(in: database) }
    if let failure = try failure(database) { throw failure }
  }

  /// Adds the columns that came after the first version; files without them can still be read.
  static func complete(_ database: Database) throws {
    let names = Set(try database.columns(in: "history").map(\.name))
    for (name, type) in laterColumns where !names.contains(name) {
      try database.execute(sql: "ALTER TABLE history ADD COLUMN \(name) \(type)")
    }
    try database.execute(
      sql: """
        CREATE TABLE IF NOT EXISTS history_runs (
          run TEXT PRIMARY KEY, started REAL NOT NULL, ended REAL
        )
        """)
  }

  /// The columns that the first version had not.
  private static let laterColumns = [("age_seconds", "REAL"), ("tags", "TEXT"), ("act", "INTEGER")]

  /// Whether the database is one that this version may change.
  static func isEmptyOrOurs(_ database: Database) throws -> Bool {
    try tableCount(database) == 0 || failure(database) == nil
  }

  private static func tableCount(_ database: Database) throws -> Int {
    try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
  }

  private static func failure(_ database: Database) throws -> Failure? {
    let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    let owner = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    if owner != applicationID { return .foreign }
    return found > version ? .newer(found) : nil
  }

  private static func make(in database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE history (
          number INTEGER PRIMARY KEY AUTOINCREMENT,
          at REAL NOT NULL,
          kind TEXT NOT NULL,
          is_session INTEGER NOT NULL,
          run TEXT NOT NULL,
          session TEXT, route TEXT, path TEXT, query TEXT, address TEXT, port INTEGER,
          listener TEXT, subprotocol TEXT, user_agent TEXT, tls INTEGER, compressed INTEGER,
          opened_at REAL, idle_seconds REAL,
          messages_in INTEGER, messages_out INTEGER, bytes_in INTEGER, bytes_out INTEGER,
          wire_bytes_in INTEGER, wire_bytes_out INTEGER, largest_in INTEGER, largest_out INTEGER,
          backlog_peak INTEGER, rtt_milliseconds REAL,
          code INTEGER, reason TEXT, who TEXT,
          message TEXT, actor TEXT, command TEXT, age_seconds REAL, tags TEXT,
          act INTEGER
        );
        CREATE INDEX history_by_time ON history(at, number);
        CREATE INDEX history_by_kind ON history(is_session, at, number);
        PRAGMA application_id = \(applicationID);
        PRAGMA user_version = \(version);
        """)
  }
}
