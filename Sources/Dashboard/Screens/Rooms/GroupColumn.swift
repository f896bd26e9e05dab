import ControlProtocol
import Vocabulary

/// A column of the table of rooms and routes.
struct GroupColumn: Equatable {
  /// The content of a column.
  enum Content: Equatable {
    case name, sessions, backlog
    case rate(GroupSortKey)
    case total(GroupSortKey)
  }

  /// The content.
  var content: Content
  /// Its heading.
  var heading: String
  /// The width, in columns of the terminal.
  var width: Int

  /// The key that sorts by it, if there is one.
  var key: GroupSortKey? {
    switch content {
    case .name: .name
    case .sessions: .sessions
    case .backlog: .backlog
    case .rate(let key): key
    case .total: nil
    }
  }

  /// The columns that fit, from left to right: first the totals are dropped, then the bytes in.
  static func fitting(columns: Int, in groups: GroupTable) -> [GroupColumn] {
    var shown = all(groups)
    // Below 80 columns there is no room for whole names; above, they matter more than totals.
    if columns >= 80 { shown[0].width = 24 }
    let order: [[Content]] = [
      [.total(.bytesIn), .total(.bytesOut)], [.total(.messagesIn), .total(.messagesOut)],
      [.rate(.bytesIn)], [.rate(.messagesIn)], [.backlog], [.rate(.bytesOut)],
      [.rate(.messagesOut)],
      [.sessions],
    ]
    for contents in order where width(of: shown) > columns {
      shown.removeAll { contents.contains($0.content) }
    }
    shown[0].width = max(0, shown[0].width + columns - width(of: shown))
    return shown
  }

  /// The terminal's columns before the first column.
  static let markColumns = 2

  private static func width(of columns: [GroupColumn]) -> Int {
    markColumns + columns.reduce(0) { $0 + $1.width } + columns.count - 1
  }

  private static func all(_ groups: GroupTable) -> [GroupColumn] {
    let isOfRooms = groups.by == nil && groups.kind == .rooms
    let backlog = GroupColumn(content: .backlog, heading: "BACKLOG", width: 9)
    return [
      GroupColumn(content: .name, heading: heading(of: groups), width: 12),
      GroupColumn(content: .sessions, heading: isOfRooms ? "MEMBERS" : "SESSIONS", width: 9),
    ] + (groups.by == nil ? [] : [backlog]) + [
      GroupColumn(content: .rate(.messagesIn), heading: "IN/S", width: 7),
      GroupColumn(content: .rate(.messagesOut), heading: "OUT/S", width: 7),
      GroupColumn(content: .rate(.bytesIn), heading: "BYTES IN/S", width: 11),
      GroupColumn(content: .rate(.bytesOut), heading: "BYTES OUT/S", width: 12),
      GroupColumn(content: .total(.messagesIn), heading: "MSG IN", width: 11),
      GroupColumn(content: .total(.messagesOut), heading: "MSG OUT", width: 11),
      GroupColumn(content: .total(.bytesIn), heading: "BYTES IN", width: 9),
      GroupColumn(content: .total(.bytesOut), heading: "BYTES OUT", width: 9),
    ]
  }

  private static func heading(of groups: GroupTable) -> String {
    groups.by.map { $0.noun.uppercased() } ?? (groups.kind == .rooms ? "ROOM" : "ROUTE")
  }

  /// The text of a row in the column.
  func text(of row: GroupRow, by field: SessionGrouping?, in context: ScreenContext) -> String {
    switch content {
    case .name: row.name.isEmpty ? field?.nothing ?? "" : context.shown(row.name)
    case .backlog: row.backlogBytes == 0 ? "0" : QuantityText.readableBytes(row.backlogBytes)
    case .sessions: HumanText.count(row.sessions, columns: width)
    case .rate(let key): rate(key, of: row)
    case .total(let key):
      switch key {
      case .messagesIn: HumanText.count(row.messagesIn, columns: width)
      case .messagesOut: HumanText.count(row.messagesOut, columns: width)
      case .bytesIn: QuantityText.readableBytes(row.bytesIn)
      default: QuantityText.readableBytes(row.bytesOut)
      }
    }
  }

  private func rate(_ key: GroupSortKey, of row: GroupRow) -> String {
    guard let rates = row.rates else { return "–" }
    switch key {
    case .messagesIn: return Self.shown(rates.messagesIn, QuantityText.shortCount)
    case .messagesOut: return Self.shown(rates.messagesOut, QuantityText.shortCount)
    case .bytesIn: return Self.shown(rates.bytesIn, QuantityText.readableBytes)
    default: return Self.shown(rates.bytesOut, QuantityText.readableBytes)
    }
  }

  private static func shown(_ rate: Double, _ text: (Double) -> String) -> String {
    rate > 0 ? text(rate) : "0"
  }
}
