import ControlProtocol
import Vocabulary

/// Sessions as text.
enum SessionText {
  /// A field of the table.
  private struct Standard {
    var field: SessionField
    /// Whether a terminal shows it.
    var isShown = true
    /// Its turn to give way on a narrow terminal, as on the console.
    var turn: Int?
    /// Whether programs are not told: the columns of these stay the same whatever the order.
    var isForPeople = false
  }

  private static let standard = [
    Standard(field: .id), Standard(field: .state, turn: 7), Standard(field: .route, isShown: false),
    Standard(field: .path), Standard(field: .address, turn: 8),
    Standard(field: .port, isShown: false), Standard(field: .age, turn: 2),
    Standard(field: .idle, turn: 6), Standard(field: .messagesIn, turn: 4),
    Standard(field: .messagesOut, turn: 4), Standard(field: .bytesIn, turn: 3),
    Standard(field: .bytesOut, turn: 3), Standard(field: .largest, turn: 1),
    Standard(field: .backlog, turn: 5), Standard(field: .roundTrip, turn: 0),
  ]

  /// A row a session.
  ///
  /// - Parameters:
  ///   - sort: the column that they are sorted by, which a terminal shows too.
  ///   - hasEndings: whether closed sessions may be among them, which adds columns of endings.
  static func table(
    _ sessions: [SessionRow], now: Double, sortedBy sort: SessionField = .id,
    hasEndings: Bool = false
  ) -> Table {
    let fields = fields(with: sort, hasEndings: hasEndings)
    var columns = fields.filter(\.isShown).map { field in
      column(field.field, turn: field.turn, isKept: field.field == sort)
    }
    var names = fields.filter { !$0.isForPeople }.map(\.field.rawValue)
    if hasEndings {
      let title = column(sort).title
      columns += endings.map { $0.kept(if: $0.title == title) }
      names += ["closed", "code", "who", "reason", "actor", "act"]
    }
    return Table(
      columns: columns, names: names, times: hasEndings ? ["closed"] : [],
      rows: sessions.map { row in
        cells(fields, of: row, now: now) + (hasEndings ? endingCells(row, now: now) : [])
      })
  }

  /// The columns of the ends of sessions.
  private static let endings: [Table.Column] = [
    .right("CLOSED"), .right("CODE"), .left("BY"), .left("REASON"),
  ]

  /// The fields of the table, with the one that it is sorted by.
  private static func fields(with sort: SessionField, hasEndings: Bool) -> [Standard] {
    var fields = standard
    if let index = fields.firstIndex(where: { $0.field == sort }) {
      fields[index].isShown = true
    } else if !hasEndings || sort.definition.origin != .ending {
      fields.append(Standard(field: sort, isForPeople: true))
    }
    return fields
  }

  private static func cells(
    _ fields: [Standard], of row: SessionRow, now: Double
  ) -> [Table.Cell] {
    fields.map { one in
      let cell = cell(one.field, row, now: now)
      return Table.Cell(
        one.isShown ? cell.readable : nil, plain: one.isForPeople ? nil : cell.plain)
    }
  }

  private static func endingCells(_ row: SessionRow, now: Double) -> [Table.Cell] {
    guard let ending = row.ending else {
      return Array(repeating: Table.Cell("–", plain: ""), count: 4)
        + Array(repeating: Table.Cell(nil, plain: ""), count: 2)
    }
    return [
      Table.Cell(
        QuantityText.readableDuration(seconds: ending.ago(now: now)), plain: decimal(ending.at)),
      Table.Cell("\(ending.code.rawValue)"),
      Table.Cell(
        UntrustedText.escaped(ending.byWhom), plain: UntrustedText.escaped(ending.by.description)),
      Table.Cell(
        UntrustedText.escaped(ending.reason, limit: longestText),
        plain: UntrustedText.escaped(ending.reason)),
      Table.Cell(nil, plain: UntrustedText.escaped(ending.actor ?? "")),
      Table.Cell(nil, plain: ending.act.map(String.init) ?? ""),
    ]
  }

  /// The line below the table: how many there are, and of an empty one what is possible.
  static func footer(
    _ list: SessionList, isFiltered: Bool = false, show: SessionSelection = .live
  ) -> String {
    if list.total == 0, isFiltered {
      return "no session matches: wstop sessions without --filter lists all"
        + (show == .live ? ", --closed those that were closed lately" : "")
    }
    if list.total == 0, show == .live {
      return "no sessions: wstop stats tells where the engine listens, and wstop sessions --closed "
        + "what was closed lately"
    }
    let shown = QuantityText.readableCount(list.sessions.count)
    let total = QuantityText.readableCount(list.total)
    if list.sessions.count == list.total {
      return list.total == 1 ? "1 session" : "\(total) sessions"
    }
    return "\(shown) of \(total) sessions"
  }

  /// All fields of one session, one a line.
  static func details(_ details: SessionDetails, now: Double) -> Table {
    let row = details.row
    let age = row.age(now: now)
    var fields = Fields()
    fields.add("id", row.id.description)
    fields.add("state", row.state.rawValue)
    if let ending = row.ending {
      fields.add(
        "closed",
        Table.Cell(
          QuantityText.readableDuration(seconds: ending.ago(now: now)) + " ago",
          plain: decimal(ending.at)))
      fields.add("code", "\(ending.code.rawValue)")
      fields.add(
        "who",
        Table.Cell(
          UntrustedText.escaped(ending.byWhom),
          plain: UntrustedText.escaped(ending.by.description)))
      if let actor = ending.actor { fields.add("actor", untrusted: actor) }
      if let act = ending.act { fields.add("act", String(act)) }
      fields.add("reason", untrusted: ending.reason)
    }
    fields.add("route", untrusted: row.route)
    fields.add(
      "path",
      Table.Cell(
        UntrustedText.escaped(row.decodedPath), plain: UntrustedText.escaped(row.path)))
    fields.add("query", untrusted: details.query)
    fields.add(SessionField.address.rawValue, Table.Cell(endpoint(of: row)))
    fields.add("via", untrusted: details.via)
    fields.add("listener", untrusted: details.listener)
    fields.add("subprotocol", untrusted: details.subprotocol)
    fields.add("tls", untrusted: details.tlsVersion ?? (row.tls ? "yes" : "no"))
    if let isResumed = details.tlsResumed { fields.add("tls-resumed", isResumed ? "yes" : "no") }
    fields.add("server-name", untrusted: details.serverName)
    fields.add("client-certificate", untrusted: details.clientCertificate)
    fields.add(
      "compressed", untrusted: details.compression?.description ?? (row.compressed ? "yes" : "no"))
    if let compression = details.compression {
      fields.add("compression-parameters", untrusted: compression.parameters)
    }
    fields.add("throttled", row.throttled ? "yes" : "no")
    fields.add(SessionField.userAgent.rawValue, untrusted: row.userAgent)
    fields.add(
      "age", Table.Cell(QuantityText.readableDuration(seconds: age), plain: seconds(age)))
    fields.add(
      "idle",
      Table.Cell(
        QuantityText.readableDuration(seconds: row.idleSeconds), plain: seconds(row.idleSeconds)))
    fields.add("in.messages", count(row.messagesIn))
    fields.add("out.messages", count(row.messagesOut))
    fields.add("in.bytes", bytes(row.bytesIn))
    fields.add("out.bytes", bytes(row.bytesOut))
    fields.add(SessionField.wireIn.rawValue, bytes(row.wireBytesIn))
    fields.add(SessionField.wireOut.rawValue, bytes(row.wireBytesOut))
    fields.add("in.largest", bytes(row.largestIn))
    fields.add("out.largest", bytes(row.largestOut))
    fields.add("backlog", bytes(row.backlogBytes))
    fields.add(SessionField.backlogPeak.rawValue, bytes(row.backlogPeakBytes))
    for field in SessionField.furtherCounts {
      fields.add(field.rawValue, cell(field, row, now: now))
    }
    fields.add("rtt", milliseconds: row.roundTripMilliseconds)
    fields.add("rtt-last", milliseconds: details.lastRoundTripMilliseconds)
    for tag in row.tags ?? [] { fields.add("tag", untrusted: tag) }
    for room in details.rooms { fields.add("room", untrusted: room) }
    for header in details.headers {
      fields.add("header", untrusted: "\(header.name): \(header.value)")
    }
    for limit in details.limits {
      fields.add("limit", untrusted: "\(limit.key.rawValue)=\(limit.value) (\(limit.scope.text))")
    }
    return fields.table
  }

  /// The peer's address and port.
  static func endpoint(of row: SessionRow) -> String {
    let address = UntrustedText.escaped(row.address, limit: 64)
    if row.port == 0 { return address }
    return row.address.contains(":") ? "[\(address)]:\(row.port)" : "\(address):\(row.port)"
  }

  static func count(_ count: Int) -> Table.Cell {
    Table.Cell(QuantityText.readableCount(count), plain: String(count))
  }

  static func bytes(_ count: Int) -> Table.Cell {
    Table.Cell(count == 0 ? "0" : QuantityText.readableBytes(count), plain: String(count))
  }

  private static func seconds(_ seconds: Double) -> String { decimal(seconds) }

  /// A number with at most three decimals.
  static func decimal(_ number: Double) -> String {
    guard number.isFinite, abs(number) < 1e15 else { return "0" }
    let rounded = (number * 1000).rounded() / 1000
    return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
  }
}
