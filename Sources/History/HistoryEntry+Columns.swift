import ControlProtocol
import GRDB
import Vocabulary

extension HistoryEntry {
  /// The columns that `values` fills, in their order.
  static let columns = [
    "at", "kind", "is_session", "run", "session", "route", "path", "query", "address", "port",
    "listener", "subprotocol", "user_agent", "tls", "compressed", "opened_at", "idle_seconds",
    "messages_in", "messages_out", "bytes_in", "bytes_out", "wire_bytes_in", "wire_bytes_out",
    "largest_in", "largest_out", "backlog_peak", "rtt_milliseconds", "code", "reason", "who",
    "message", "actor", "command", "tags", "age_seconds", "act",
  ]

  /// The statement that stores an entry.
  static let insertion =
    "INSERT INTO history (\(columns.joined(separator: ", "))) VALUES ("
    + columns.map { _ in "?" }.joined(separator: ", ") + ")"

  /// The entry as a row of the table.
  var values: StatementArguments {
    let row = session
    let ending = session?.ending
    return [
      at, kind.rawValue, row != nil, run, row?.id.description, Self.kept(row?.route),
      Self.kept(row?.path), Self.kept(query), Self.kept(row?.address), row?.port,
      Self.kept(listener), Self.kept(subprotocol), Self.kept(row?.userAgent), row?.tls,
      row?.compressed, row?.openedAt, row?.idleSeconds, row?.messagesIn, row?.messagesOut,
      row?.bytesIn, row?.bytesOut, row?.wireBytesIn, row?.wireBytesOut, row?.largestIn,
      row?.largestOut, row?.backlogPeakBytes, row?.roundTripMilliseconds,
      ending.map { Int($0.code.rawValue) }, Self.kept(ending?.reason), ending?.by.description,
      Self.kept(message), Self.kept(actor ?? ending?.actor), Self.kept(command),
      row?.tags.map { String(decoding: ControlJSON.encode($0), as: UTF8.self) },
      row?.ageSeconds, ending?.act,
    ]
  }

  /// Text as SQLite can give it back: text behind a zero would be lost.
  private static func kept(_ text: String?) -> String? {
    guard let text, text.utf8.contains(0) else { return text }
    return String(
      String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
  }

  /// Reads a row of the table; nil for one that this version does not understand.
  init?(_ row: Row) {
    guard let kind = (row["kind"] as String?).flatMap(Kind.init) else { return nil }
    self.init(
      number: row["number"] as Int? ?? 0, at: row["at"] as Double? ?? 0, kind: kind,
      run: row["run"] as String? ?? "")
    query = row["query"]
    subprotocol = row["subprotocol"]
    listener = row["listener"]
    message = row["message"]
    command = row["command"]
    guard kind == .session else {
      actor = row["actor"]
      return
    }
    guard let session = SessionRow(row, closedAt: at) else { return nil }
    self.session = session
  }
}

extension SessionRow {
  fileprivate init?(_ row: Row, closedAt: Double) {
    guard let id = (row["session"] as String?).flatMap({ SessionID($0) }),
      let by = (row["who"] as String?).flatMap({ CloseInitiator($0) }),
      let code = (row["code"] as Int?).flatMap(UInt16.init(exactly:))
    else { return nil }
    func count(_ name: String) -> Int { row[name] as Int? ?? 0 }
    self.init(
      id: id, route: row["route"] as String? ?? "", path: row["path"] as String? ?? "",
      address: row["address"] as String? ?? "", port: count("port"), state: .closed,
      openedAt: row["opened_at"] as Double? ?? closedAt,
      idleSeconds: row["idle_seconds"] as Double? ?? 0)
    messagesIn = count("messages_in")
    messagesOut = count("messages_out")
    bytesIn = count("bytes_in")
    bytesOut = count("bytes_out")
    wireBytesIn = count("wire_bytes_in")
    wireBytesOut = count("wire_bytes_out")
    largestIn = count("largest_in")
    largestOut = count("largest_out")
    backlogPeakBytes = count("backlog_peak")
    roundTripMilliseconds = row["rtt_milliseconds"]
    // A file of an earlier version has no such column.
    ageSeconds = row["age_seconds"]
    tls = row["tls"] as Bool? ?? false
    compressed = row["compressed"] as Bool? ?? false
    userAgent = row["user_agent"]
    subprotocol = row["subprotocol"]
    query = row["query"]
    // A text that is not JSON of this program is no tag.
    let texts = (row["tags"] as String?).map { text in
      Result { try ControlJSON.decode([String].self, from: Array(text.utf8)) }
    }
    if case .success(let tags)? = texts { self.tags = tags }
    ending = SessionEnding(
      code: CloseCode(rawValue: code), reason: row["reason"] as String? ?? "", by: by, at: closedAt)
    // The actor of a session's row is who closed it; a file of an earlier version has none.
    ending?.actor = row["actor"]
    ending?.act = row["act"]
  }
}
