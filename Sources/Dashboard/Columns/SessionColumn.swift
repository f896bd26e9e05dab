import ControlProtocol
import Vocabulary

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
  /// Its share of the columns that are left over; 0: its width is always the same.
  var weight = 0

  /// The columns that fit, from left to right.
  ///
  /// Of those that a person chose, the rightmost go first. Of the standard ones first RTT goes,
  /// then LARGEST, AGE, the bytes, the messages; then, on terminals narrower than any sketch,
  /// BACKLOG, IDLE and ADDRESS; where rates stand beside or in place of totals they outlive BACKLOG
  /// and IDLE. The column that is sorted by goes after all of them, and is shown even if it was not
  /// chosen.
  static func fitting(_ choice: ColumnChoice, columns: Int, sort: SortKey) -> [SessionColumn] {
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
    _ choice: ColumnChoice, keys: [SortKey], sort: SortKey
  ) -> [Set<SortKey>] {
    let isStandard = choice.keys == ColumnChoice.standard
    let order: [Set<SortKey>] =
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
  /// What cannot be divided goes to the first of them, and what is missing is taken from it.
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

  /// The column of a key, on a terminal so many columns wide.
  init(_ key: SortKey, columns: Int) {
    let isNarrow = columns < 40
    func text(_ heading: String, _ width: Int, weight: Int = 0) -> SessionColumn {
      SessionColumn(key: key, heading: heading, width: width, isNumber: false, weight: weight)
    }
    func number(_ heading: String, _ width: Int) -> SessionColumn {
      SessionColumn(key: key, heading: heading, width: width, isNumber: true)
    }
    self =
      switch key {
      case .id: text("ID", isNarrow ? 7 : 9)
      case .path: text("PATH", isNarrow ? 6 : 10, weight: 4)
      case .route: text("ROUTE", isNarrow ? 6 : 10, weight: 2)
      case .address: text("ADDRESS", columns < 100 ? 19 : 21)
      case .port: number("PORT", 6)
      case .state: text("STATE", 8)
      case .age: number("AGE", 6)
      case .idle: number("IDLE", 6)
      case .messagesIn: number("MSG IN", 7)
      case .messagesOut: number("MSG OUT", 8)
      case .bytesIn: number("BYTES IN", 9)
      case .bytesOut: number("BYTES OUT", 10)
      case .messageRateIn: number("IN/S", 6)
      case .messageRateOut: number("OUT/S", 6)
      case .byteRateIn: number("B IN/S", 8)
      case .byteRateOut: number("B OUT/S", 8)
      case .wireIn: number("WIRE IN", 8)
      case .wireOut: number("WIRE OUT", 9)
      case .largest: number("LARGEST", 8)
      case .backlog: number("BACKLOG", 8)
      case .backlogPeak: number("PEAK", 8)
      case .roundTrip: number("RTT", 6)
      case .ratio: number("RATIO", 7)
      case .tls: text("TLS", 4)
      case .subprotocol: text("PROTOCOL", 9, weight: 1)
      case .userAgent: text("AGENT", 12, weight: 3)
      case .rooms: text("ROOMS", 10, weight: 2)
      case .tag: text("TAGS", 12, weight: 2)
      case .closed: number("CLOSED", 7)
      case .code: number("CODE", 5)
      case .who: text("BY", 14, weight: 1)
      }
  }

  private init(key: SortKey, heading: String, width: Int, isNumber: Bool, weight: Int = 0) {
    self.key = key
    self.heading = heading
    self.width = width
    self.isNumber = isNumber
    self.weight = weight
  }

  /// The text of a session in the column.
  func text(of row: SessionRow, in context: ScreenContext) -> String {
    switch key {
    case .id: return row.id.description
    case .path: return context.shown(row.path)
    case .route: return row.route.isEmpty ? "–" : context.shown(row.route)
    case .address: return context.shown(Self.address(of: row))
    case .port: return row.port == 0 ? "–" : String(row.port)
    case .state: return row.state.rawValue
    case .age: return HumanText.duration(row.age(now: context.picture.readAt))
    case .idle: return HumanText.duration(row.idleSeconds)
    case .messagesIn: return HumanText.count(row.messagesIn, columns: width)
    case .messagesOut: return HumanText.count(row.messagesOut, columns: width)
    case .bytesIn: return QuantityText.readableBytes(row.bytesIn)
    case .bytesOut: return QuantityText.readableBytes(row.bytesOut)
    case .messageRateIn: return Self.text(row.rates?.messagesIn, QuantityText.shortCount)
    case .messageRateOut: return Self.text(row.rates?.messagesOut, QuantityText.shortCount)
    case .byteRateIn: return Self.text(row.rates?.bytesIn, Self.byteRate)
    case .byteRateOut: return Self.text(row.rates?.bytesOut, Self.byteRate)
    case .wireIn: return QuantityText.readableBytes(row.wireBytesIn)
    case .wireOut: return QuantityText.readableBytes(row.wireBytesOut)
    case .largest: return QuantityText.readableBytes(max(row.largestIn, row.largestOut))
    case .backlog: return Self.backlog(row.backlogBytes)
    case .backlogPeak: return Self.backlog(row.backlogPeakBytes)
    case .roundTrip: return HumanText.milliseconds(row.roundTripMilliseconds)
    case .ratio: return Self.text(row.compressionRatio, SessionCompression.text)
    case .tls: return row.tls ? "yes" : "–"
    case .subprotocol: return row.subprotocol.map { context.shown($0) } ?? "–"
    case .userAgent: return row.userAgent.map { context.shown($0) } ?? "–"
    case .rooms: return Self.rooms(of: row, in: context)
    case .tag:
      return row.tags.map { $0.map { context.shown($0) }.joined(separator: " ") } ?? "–"
    case .closed:
      return row.ending.map { HumanText.duration($0.ago(now: context.picture.readAt)) } ?? ""
    case .code: return row.ending.map { "\($0.code.rawValue)" } ?? ""
    case .who: return row.ending.map { context.shown($0.by.description) } ?? ""
    }
  }

  /// Whether a row of a closed session tells its end in place of the column and those after it.
  var isOfLiveAlone: Bool {
    switch key {
    case .id, .route, .path, .address, .port, .userAgent, .subprotocol, .tls, .tag:
      false
    default: true
    }
  }

  /// The style of a session's text in the column.
  func style(of row: SessionRow) -> Style {
    switch key {
    case .backlog where row.backlogBytes > 0: .warning
    case .id: .accent
    case _ where key.isRate: .live
    default: .normal
    }
  }

  /// Address and port as one writes them together.
  static func address(of row: SessionRow) -> String {
    if row.port == 0 { return row.address }
    return row.address.contains(":") ? "[\(row.address)]:\(row.port)" : "\(row.address):\(row.port)"
  }

  private static func text<Value>(_ value: Value?, _ form: (Value) -> String) -> String {
    value.map(form) ?? "–"
  }

  private static func byteRate(_ perSecond: Double) -> String {
    perSecond == 0 ? "0" : QuantityText.readableBytes(perSecond)
  }

  private static func backlog(_ count: Int) -> String {
    count == 0 ? "0" : QuantityText.readableBytes(count)
  }

  /// The rooms by their names, and how many more there are.
  private static func rooms(of row: SessionRow, in context: ScreenContext) -> String {
    guard let rooms = row.rooms, !rooms.isEmpty else { return "–" }
    let more = (row.roomCount ?? 0) - rooms.count
    let names = rooms.map { context.shown($0) }.joined(separator: " ")
    return more > 0 ? "\(names) +\(more)" : names
  }
}

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
    case .messageRateIn: "messages/s in"
    case .messageRateOut: "messages/s out"
    case .byteRateIn: "bytes/s in"
    case .byteRateOut: "bytes/s out"
    case .wireIn: "wire bytes in"
    case .wireOut: "wire bytes out"
    case .ratio: "compression ratio"
    case .backlogPeak: "backlog's peak"
    case .closed: "closed at"
    case .who: "closed by"
    case .code: "close code"
    case .tls: "TLS"
    case .userAgent: "user agent"
    default: rawValue
    }
  }
}

extension Picture {
  /// When the numbers of the picture were read, in seconds since 1970.
  var readAt: Double { statistics?.now ?? 0 }
}
