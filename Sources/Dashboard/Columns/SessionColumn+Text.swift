import ControlProtocol
import Vocabulary

extension SessionColumn {
  /// The text of a session in the column.
  func text(of row: SessionRow, in context: ScreenContext) -> String {
    switch kind {
    case .id: row.id.description
    case .text, .names: Self.texts(row.shownTexts(key), in: context)
    case .rooms: Self.rooms(of: row, in: context)
    case .address: context.shown(Self.address(of: row))
    case .state: row.state.rawValue
    case .initiator: row.ending.map { context.shown($0.byWhom) } ?? ""
    case .flag: row.flag(key) ? "yes" : "–"
    case .port, .count, .bytes, .owedBytes, .seconds, .milliseconds, .moment, .code, .ratio:
      number(row.number(key, now: context.latest.readAt))
    }
  }

  /// The text of a session, cut and padded to the column's width.
  func cell(of row: SessionRow, in context: ScreenContext) -> String {
    let text = text(of: row, in: context)
    if isNumber { return DisplayWidth.number(text, to: width) }
    guard kind == .address else { return DisplayWidth.padded(text, to: width) }
    return DisplayWidth.padded(DisplayWidth.fittedInMiddle(text, to: width), to: width)
  }

  /// Address and port as one writes them together.
  static func address(of row: SessionRow) -> String {
    if row.port == 0 { return row.address }
    return row.address.contains(":") ? "[\(row.address)]:\(row.port)" : "\(row.address):\(row.port)"
  }

  /// A number; a dash for one that is not there, and nothing for an end that has not come.
  private func number(_ number: SessionNumber) -> String {
    switch number {
    case .whole(let count): whole(count)
    case .value(let value): fraction(value)
    case .absent, .unknown: key.definition.origin == .ending ? "" : "–"
    }
  }

  private func whole(_ count: Int) -> String {
    switch kind {
    case .port where count == 0: "–"
    case .owedBytes where count == 0: "0"
    case .bytes, .owedBytes: QuantityText.readableBytes(count)
    case .count: HumanText.count(count, columns: width)
    default: String(count)
    }
  }

  private func fraction(_ value: Double) -> String {
    switch kind {
    case .seconds, .moment: HumanText.duration(value)
    case .milliseconds: HumanText.milliseconds(value)
    case .ratio: SessionCompression.text(value)
    case .bytes where value == 0: "0"
    case .bytes: QuantityText.readableBytes(value)
    default: QuantityText.shortCount(value)
    }
  }

  private static func texts(_ texts: [String], in context: ScreenContext) -> String {
    let text = texts.map { context.shown($0) }.joined(separator: " ")
    return text.isEmpty ? "–" : text
  }

  /// The rooms by their names, and how many more there are.
  private static func rooms(of row: SessionRow, in context: ScreenContext) -> String {
    guard let rooms = row.rooms, !rooms.isEmpty else { return "–" }
    let more = (row.roomCount ?? 0) - rooms.count
    let names = rooms.map { context.shown($0) }.joined(separator: " ")
    return more > 0 ? "\(names) +\(more)" : names
  }
}

extension LatestSnapshot {
  /// When the numbers of the snapshot were read, in seconds since 1970.
  var readAt: Double { statistics?.now ?? 0 }
}
