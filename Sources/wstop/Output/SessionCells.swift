import ControlProtocol
import Vocabulary

extension SessionText {
  /// The table of the columns that somebody chose.
  ///
  /// - Parameter sort: the column that they were asked to be sorted by, which a terminal shows too;
  ///   programs are told the chosen ones alone.
  static func table(
    _ sessions: [SessionRow], columns: [SessionField], now: Double,
    sortedBy sort: SessionField? = nil
  ) -> Table {
    let forPeople = [sort].compactMap(\.self).filter { !columns.contains($0) }
    return Table(
      columns: (columns + forPeople).map { column($0, isKept: $0 == sort ?? .id) },
      names: columns.map(\.rawValue),
      times: Set(columns.filter { $0.kind == .moment }.map(\.rawValue)),
      rows: sessions.map { row in
        columns.map { cell($0, row, now: now) }
          + forPeople.map { Table.Cell(cell($0, row, now: now).readable, plain: nil) }
      })
  }

  /// The column of a field.
  ///
  /// - Parameters:
  ///   - turn: its turn to give way; nil: the rightmost first.
  ///   - isKept: whether it goes after all others.
  static func column(
    _ field: SessionField, turn: Int? = nil, isKept: Bool = false
  ) -> Table.Column {
    let title = field.definition.column?.longHeading ?? field.rawValue.uppercased()
    let column: Table.Column =
      switch field.kind {
      case .id, .state, .flag: .fixed(title, turn: turn)
      case .address: .address(title, turn: turn)
      case .text, .names, .rooms, .initiator: .left(title, turn: turn)
      case .port, .count, .bytes, .owedBytes, .seconds, .milliseconds, .moment, .code, .ratio:
        .right(title, turn: turn)
      }
    return column.kept(if: isKept)
  }

  /// The value of a field.
  static func cell(_ field: SessionField, _ row: SessionRow, now: Double) -> Table.Cell {
    switch field.kind {
    case .id, .state: Table.Cell(row.texts(field).joined())
    case .initiator:
      Table.Cell(
        UntrustedText.escaped(row.ending?.byWhom ?? "", limit: Self.longestText),
        plain: UntrustedText.escaped(row.texts(field).joined()))
    case .text, .names:
      text(
        row.shownTexts(field).joined(separator: " "),
        plain: row.texts(field).joined(separator: " "))
    case .rooms: rooms(of: row)
    case .address: Table.Cell(endpoint(of: row), plain: UntrustedText.escaped(row.address))
    case .flag: Table.Cell(row.flag(field) ? "yes" : "no")
    case .port, .count, .bytes, .owedBytes, .seconds, .milliseconds, .moment, .code, .ratio:
      number(field, row, now: now)
    }
  }

  private static func number(
    _ field: SessionField, _ row: SessionRow, now: Double
  ) -> Table.Cell {
    switch row.number(field, now: now) {
    case .whole(let count): whole(count, field.kind)
    case .value(let value):
      Table.Cell(
        readable(value, field.kind),
        // A program is told the moment itself.
        plain: decimal(field.kind == .moment ? row.ending?.at ?? 0 : value))
    case .absent, .unknown: Table.Cell(field.kind == .code ? "" : "–", plain: "")
    }
  }

  private static func whole(_ count: Int, _ kind: SessionFieldDefinition.Kind) -> Table.Cell {
    switch kind {
    case .count: Self.count(count)
    case .bytes, .owedBytes: bytes(count)
    default: Table.Cell(String(count))
    }
  }

  private static func readable(_ value: Double, _ kind: SessionFieldDefinition.Kind) -> String {
    switch kind {
    case .seconds, .moment: QuantityText.readableDuration(seconds: value)
    case .milliseconds: QuantityText.readableMilliseconds(value)
    case .ratio: SessionCompression.text(value)
    case .bytes: QuantityText.readableBytes(value)
    default: QuantityText.shortCount(value)
    }
  }

  /// The rooms by their names, and how many more there are.
  private static func rooms(of row: SessionRow) -> Table.Cell {
    let rooms = row.texts(.rooms)
    let more = (row.roomCount ?? 0) - rooms.count
    return text(rooms.joined(separator: " ") + (more > 0 ? " +\(more)" : ""))
  }

  /// Text from a client: escaped, and on a terminal cut, where the table may cut it further.
  ///
  /// - Parameter plain: the form for programs, if that is another text.
  private static func text(_ text: String, plain: String? = nil) -> Table.Cell {
    Table.Cell(
      UntrustedText.escaped(text, limit: longestText), plain: UntrustedText.escaped(plain ?? text))
  }

  /// The longest text from a client in a table on a terminal, in bytes.
  static let longestText = 256
}
