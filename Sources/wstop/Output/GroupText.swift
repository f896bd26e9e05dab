import ControlProtocol
import Vocabulary

/// Rooms and routes as text.
enum GroupText {
  /// A row a room, route or group.
  ///
  /// - Parameter sort: the column that they are sorted by, which gives way after all others.
  static func table(_ list: GroupList, sortedBy sort: GroupSortKey = .sessions) -> Table {
    let columns: [Table.Column] =
      [
        .left(list.by?.rawValue.uppercased() ?? (list.kind == .rooms ? "ROOM" : "ROUTE")),
        .right(list.by == nil && list.kind == .rooms ? "MEMBERS" : "SESSIONS"),
        .right("IN/S", turn: 3), .right("OUT/S", turn: 5), .right("BYTES IN/S", turn: 2),
        .right("BYTES OUT/S", turn: 4), .right("MSG IN", turn: 1), .right("MSG OUT", turn: 1),
        .right("BYTES IN", turn: 0), .right("BYTES OUT", turn: 0),
      ] + (list.by == nil ? [] : [.right("BACKLOG")])
    return Table(
      columns: columns.map { $0.kept(if: sort.headings.contains($0.title)) },
      rows: list.groups.map { cells($0) + (list.by == nil ? [] : [bytes($0.backlogBytes)]) })
  }

  static func footer(_ list: GroupList) -> String {
    let nouns = list.by == nil ? list.kind.rawValue : "groups"
    let noun = list.total == 1 ? String(nouns.dropLast()) : nouns
    var total = "\(QuantityText.readableCount(list.total)) \(noun)"
    if list.leftOutSessions > 0 {
      total += ", and \(QuantityText.readableCount(list.leftOutSessions)) sessions in more"
    }
    return list.groups.count == list.total
      ? total : "\(QuantityText.readableCount(list.groups.count)) of \(total)"
  }

  private static func cells(_ row: GroupRow) -> [Table.Cell] {
    [
      Table.Cell(
        UntrustedText.escaped(row.name, limit: SessionText.longestText),
        plain: UntrustedText.escaped(row.name)),
      count(row.sessions),
      rate(row.rates?.messagesIn, QuantityText.shortCount),
      rate(row.rates?.messagesOut, QuantityText.shortCount),
      rate(row.rates?.bytesIn, QuantityText.readableBytes),
      rate(row.rates?.bytesOut, QuantityText.readableBytes),
      count(row.messagesIn), count(row.messagesOut), bytes(row.bytesIn), bytes(row.bytesOut),
    ]
  }

  private static func rate(_ rate: Double?, _ readable: (Double) -> String) -> Table.Cell {
    Table.Cell(
      rate.map { $0 == 0 ? "0" : readable($0) } ?? "–", plain: rate.map(SessionText.decimal) ?? "")
  }

  private static func count(_ count: Int) -> Table.Cell {
    Table.Cell(QuantityText.readableCount(count), plain: String(count))
  }

  private static func bytes(_ count: Int) -> Table.Cell {
    Table.Cell(count == 0 ? "0" : QuantityText.readableBytes(count), plain: String(count))
  }
}
