import ControlProtocol
import Vocabulary

extension SessionText {
  /// The table of the columns that somebody chose.
  static func table(_ sessions: [SessionRow], columns: [SortKey], now: Double) -> Table {
    Table(
      columns: columns.map { key in
        isNumber(key) ? .right(heading(key)) : .left(heading(key))
      },
      names: columns.map(\.rawValue),
      rows: sessions.map { row in columns.map { cell($0, row, now: now) } })
  }

  private static func heading(_ key: SortKey) -> String {
    switch key {
    case .messagesIn: "MSG IN"
    case .messagesOut: "MSG OUT"
    case .messageRateIn: "IN/S"
    case .messageRateOut: "OUT/S"
    case .byteRateIn: "BYTES IN/S"
    case .byteRateOut: "BYTES OUT/S"
    case .bytesIn: "BYTES IN"
    case .bytesOut: "BYTES OUT"
    case .wireIn: "WIRE IN"
    case .wireOut: "WIRE OUT"
    case .address: "ADDRESS"
    case .backlogPeak: "BACKLOG PEAK"
    case .userAgent: "AGENT"
    case .tag: "TAGS"
    default: key.rawValue.uppercased()
    }
  }

  private static func isNumber(_ key: SortKey) -> Bool {
    switch key {
    case .id, .route, .path, .address, .state, .tls, .subprotocol, .userAgent, .rooms, .tag,
      .who:
      false
    default: true
    }
  }

  private static func cell(_ key: SortKey, _ row: SessionRow, now: Double) -> Table.Cell {
    switch key {
    case .id: return Table.Cell(row.id.description)
    case .route: return text(row.route)
    case .path: return text(row.path)
    case .address: return Table.Cell(endpoint(of: row), plain: UntrustedText.escaped(row.address))
    case .port: return Table.Cell(String(row.port))
    case .state: return Table.Cell(row.state.rawValue)
    case .age: return duration(row.age(now: now))
    case .idle: return duration(row.idleSeconds)
    case .messagesIn: return count(row.messagesIn)
    case .messagesOut: return count(row.messagesOut)
    case .bytesIn: return bytes(row.bytesIn)
    case .bytesOut: return bytes(row.bytesOut)
    case .wireIn: return bytes(row.wireBytesIn)
    case .wireOut: return bytes(row.wireBytesOut)
    case .largest: return bytes(max(row.largestIn, row.largestOut))
    case .backlog: return bytes(row.backlogBytes)
    case .backlogPeak: return bytes(row.backlogPeakBytes)
    case .roundTrip:
      return number(row.roundTripMilliseconds, QuantityText.readableMilliseconds)
    case .messageRateIn: return number(row.rates?.messagesIn, QuantityText.shortCount)
    case .messageRateOut: return number(row.rates?.messagesOut, QuantityText.shortCount)
    case .byteRateIn: return number(row.rates?.bytesIn, QuantityText.readableBytes)
    case .byteRateOut: return number(row.rates?.bytesOut, QuantityText.readableBytes)
    case .ratio: return number(row.compressionRatio) { SessionCompression.text($0) }
    case .tls: return Table.Cell(row.tls ? "yes" : "no")
    case .subprotocol: return text(row.subprotocol ?? "")
    case .userAgent: return text(row.userAgent ?? "")
    case .closed:
      return Table.Cell(
        row.ending.map { QuantityText.readableDuration(seconds: $0.ago(now: now)) } ?? "–",
        plain: row.ending.map { decimal($0.at) } ?? "")
    case .code: return text(row.ending.map { "\($0.code.rawValue)" } ?? "")
    case .who: return text(row.ending?.by.description ?? "")
    case .tag: return text((row.tags ?? []).joined(separator: " "))
    case .rooms:
      let rooms = row.rooms ?? []
      let more = (row.roomCount ?? 0) - rooms.count
      return text(rooms.joined(separator: " ") + (more > 0 ? " +\(more)" : ""))
    }
  }

  /// Text from a client: escaped, and on a terminal cut.
  private static func text(_ text: String) -> Table.Cell {
    Table.Cell(UntrustedText.escaped(text, limit: 48), plain: UntrustedText.escaped(text))
  }

  private static func duration(_ seconds: Double) -> Table.Cell {
    Table.Cell(QuantityText.readableDuration(seconds: seconds), plain: decimal(seconds))
  }

  private static func number(_ value: Double?, _ form: (Double) -> String) -> Table.Cell {
    Table.Cell(value.map(form) ?? "–", plain: value.map(decimal) ?? "")
  }
}
