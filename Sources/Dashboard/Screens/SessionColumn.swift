import ControlProtocol
import Vocabulary

extension SortKey {
  /// The column's name in a sentence.
  package var title: String {
    switch self {
    case .address: "address"
    case .messagesIn: "messages in"
    case .messagesOut: "messages out"
    case .bytesIn: "bytes in"
    case .bytesOut: "bytes out"
    case .roundTrip: "round trip"
    case .closed: "closed at"
    default: rawValue
    }
  }
}

/// A column of the session table.
struct SessionColumn: Equatable {
  /// What it shows.
  var key: SortKey
  /// Its heading.
  var heading: String
  /// How many columns of the terminal it takes.
  var width: Int
  /// Whether it is aligned to the right.
  var isNumber: Bool

  /// The columns that fit, from left to right.
  ///
  /// First RTT goes, then LARGEST, AGE, the bytes, the messages; then, on terminals narrower than
  /// any sketch, BACKLOG, IDLE and ADDRESS. The column that is sorted by goes after all of them.
  static func fitting(columns: Int, sort: SortKey) -> [SessionColumn] {
    var shown = all(columns: columns)
    let order: [[SortKey]] = [
      [.roundTrip], [.largest], [.age], [.bytesIn, .bytesOut], [.messagesIn, .messagesOut],
      [.backlog], [.idle], [.address],
    ]
    let groups = order.filter { !$0.contains(sort) } + order.filter { $0.contains(sort) }
    for group in groups where width(of: shown) > columns {
      shown.removeAll { group.contains($0.key) }
    }
    let left = columns - width(of: shown)
    if let path = shown.firstIndex(where: { $0.key == .path }) {
      shown[path].width = max(0, shown[path].width + left)
    }
    return shown
  }

  /// Columns of the terminal before the first column: cursor, mark, state and a blank.
  static let markColumns = 4

  private static func width(of columns: [SessionColumn]) -> Int {
    markColumns + columns.reduce(0) { $0 + $1.width } + columns.count - 1
  }

  private static func all(columns: Int) -> [SessionColumn] {
    [
      SessionColumn(key: .id, heading: "ID", width: columns < 40 ? 7 : 9, isNumber: false),
      SessionColumn(key: .path, heading: "PATH", width: columns < 40 ? 6 : 10, isNumber: false),
      SessionColumn(
        key: .address, heading: "ADDRESS", width: columns < 100 ? 19 : 21, isNumber: false),
      SessionColumn(key: .age, heading: "AGE", width: 6, isNumber: true),
      SessionColumn(key: .idle, heading: "IDLE", width: 6, isNumber: true),
      SessionColumn(key: .messagesIn, heading: "MSG IN", width: 7, isNumber: true),
      SessionColumn(key: .messagesOut, heading: "MSG OUT", width: 8, isNumber: true),
      SessionColumn(key: .bytesIn, heading: "BYTES IN", width: 9, isNumber: true),
      SessionColumn(key: .bytesOut, heading: "BYTES OUT", width: 10, isNumber: true),
      SessionColumn(key: .largest, heading: "LARGEST", width: 8, isNumber: true),
      SessionColumn(key: .backlog, heading: "BACKLOG", width: 8, isNumber: true),
      SessionColumn(key: .roundTrip, heading: "RTT", width: 6, isNumber: true),
    ]
  }

  /// The text of a session in the column.
  func text(of row: SessionRow, in model: Model) -> String {
    switch key {
    case .id: return row.id.description
    case .path, .route: return model.shown(row.path)
    case .address, .port: return model.shown(Self.address(of: row))
    case .state: return row.state.rawValue
    case .age: return HumanText.duration(model.picture.readAt - row.openedAt)
    case .idle: return HumanText.duration(row.idleSeconds)
    case .messagesIn: return HumanText.count(row.messagesIn, columns: width)
    case .messagesOut: return HumanText.count(row.messagesOut, columns: width)
    case .bytesIn: return QuantityText.readableBytes(row.bytesIn)
    case .bytesOut: return QuantityText.readableBytes(row.bytesOut)
    case .largest: return QuantityText.readableBytes(max(row.largestIn, row.largestOut))
    case .backlog: return row.backlogBytes == 0 ? "0" : QuantityText.readableBytes(row.backlogBytes)
    case .roundTrip: return HumanText.milliseconds(row.roundTripMilliseconds)
    case .closed:
      return row.ending.map { HumanText.duration(model.picture.readAt - $0.at) } ?? ""
    case .code: return row.ending.map { "\($0.code.rawValue)" } ?? ""
    case .who: return row.ending.map { model.shown($0.by.description) } ?? ""
    }
  }

  /// Whether a row of a closed session tells its end in place of the column and those after it.
  var isOfLiveAlone: Bool {
    switch key {
    case .id, .route, .path, .address, .port: false
    default: true
    }
  }

  /// The style of a session's text in the column.
  func style(of row: SessionRow) -> Style {
    switch key {
    case .backlog where row.backlogBytes > 0: .warning
    case .id: .accent
    default: .normal
    }
  }

  /// Address and port as one writes them together.
  static func address(of row: SessionRow) -> String {
    if row.port == 0 { return row.address }
    return row.address.contains(":") ? "[\(row.address)]:\(row.port)" : "\(row.address):\(row.port)"
  }
}

extension Picture {
  /// When the numbers of the picture were read, in seconds since 1970.
  var readAt: Double { statistics?.now ?? 0 }
}
