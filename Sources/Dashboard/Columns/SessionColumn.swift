import ControlProtocol
import Vocabulary

/// A column of the session table.
struct SessionColumn: Equatable {
  /// The field that it shows.
  let key: SessionField
  /// The kind of its values.
  let kind: SessionFieldDefinition.Kind
  /// Its heading.
  let heading: String
  /// How many columns of the terminal it takes.
  var width: Int
  /// Whether it is aligned to the right.
  let isNumber: Bool
  /// Its share of the columns that are left over; 0: its width is always the same.
  let weight: Int

  /// The columns that fit, from left to right.
  ///
  /// Of those that a person chose, the rightmost go first. Of the standard ones first RTT goes,
  /// then LARGEST, AGE, the bytes, the messages; then, on terminals narrower than any sketch,
  /// BACKLOG, IDLE and ADDRESS; where rates stand beside or in place of totals they outlive BACKLOG
  /// and IDLE. The column that is sorted by goes after all of them, and is shown even if it was not
  /// chosen.
  static func fitting(_ choice: ColumnChoice, columns: Int, sort: SessionField) -> [SessionColumn] {
    var keys = choice.shown
    if !keys.contains(sort) { keys.append(sort) }
    var shown = keys.map { SessionColumn($0, columns: columns) }
    for group in leaving(choice, keys: keys, sort: sort) where width(of: shown) > columns {
      shown.removeAll { group.contains($0.key) }
    }
    spread(columns - width(of: shown), over: &shown)
    return shown
  }

  /// Columns of the terminal before the first column: cursor, mark, state and a blank.
  static let markColumns = 4

  /// Groups of columns in the order in which they give way.
  private static func leaving(
    _ choice: ColumnChoice, keys: [SessionField], sort: SessionField
  ) -> [Set<SessionField>] {
    let isStandard = choice.keys == ColumnChoice.standard
    let order: [Set<SessionField>] =
      isStandard
      ? [
        [.roundTrip], [.largest], [.age], [.bytesIn, .bytesOut, .byteRateIn, .byteRateOut],
        choice.rates == .totals ? [.messagesIn, .messagesOut] : [], [.backlog], [.idle],
        [.messagesIn, .messagesOut], [.messageRateIn, .messageRateOut], [.address],
        choice.shown.contains(sort) ? [] : [sort],
      ]
      : keys.dropFirst().reversed().map { [$0] }
    return order.filter { !$0.contains(sort) } + order.filter { $0.contains(sort) }
  }

  private static func width(of columns: [SessionColumn]) -> Int {
    markColumns + columns.reduce(0) { $0 + $1.width } + columns.count - 1
  }

  /// Gives what is left over to the columns of texts, by their weights.
  ///
  /// The remainder of the division goes to the first of them, or is taken from it.
  private static func spread(_ left: Int, over shown: inout [SessionColumn]) {
    let total = shown.reduce(0) { $0 + $1.weight }
    guard left != 0, total > 0 else { return }
    var rest = left
    for index in shown.indices where shown[index].weight > 0 {
      let share = left > 0 ? left * shown[index].weight / total : 0
      shown[index].width += share
      rest -= share
    }
    guard let first = shown.firstIndex(where: { $0.weight > 0 }) else { return }
    shown[first].width = max(0, shown[first].width + rest)
  }

  /// The column of a field that has one, on a terminal so many columns wide.
  init(_ key: SessionField, columns: Int) {
    let definition = key.definition
    guard let column = definition.column else { preconditionFailure("\(key) has no column") }
    self.key = key
    kind = definition.kind
    heading = column.heading
    width = column.width(ofTerminal: columns)
    isNumber = kind.isAlignedRight
    weight = column.weight
  }

  /// Whether a row of a closed session tells its end in place of the column and those after it.
  var isOfLiveAlone: Bool { key.definition.origin != .opening && kind != .names }

  /// The style of a session's text in the column.
  func style(of row: SessionRow) -> Style {
    switch key {
    case .backlog where row.backlogBytes > 0: .warning
    case .id: .accent
    case _ where key.isRate: .live
    default: .normal
    }
  }
}
