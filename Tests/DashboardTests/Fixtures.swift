import ControlProtocol
import Vocabulary

@testable import Dashboard

/// The moment at which the tests take place.
let now = 1_700_000_000.0

/// An engine that has been up for three days.
func engine(run: String = "run-1", version: String = "1.0.0") -> EngineIdentity {
  EngineIdentity(
    run: run, name: "prod-1", version: version, processID: 4242, startedAt: now - 274_320,
    listeners: ["0.0.0.0:8080", "unix:/run/app.sock"],
    routes: ["/ws/chat/{room}", "/ws/echo"])
}

/// The `number`-th session of the tests, from 0.
func id(_ number: Int) -> SessionID {
  SessionID(sequence: UInt64(1000 + number), reactor: 1)
}

/// A row with some traffic.
func row(_ number: Int) -> SessionRow {
  var row = SessionRow(
    id: id(number), route: "/ws/chat/{room}", path: "/ws/chat/lobby-\(number)",
    address: "10.0.3.\(number % 250)", port: 50_000 + number % 1000, state: .open,
    openedAt: now - 8040, idleSeconds: 0.2)
  row.messagesIn = 12_041 + number
  row.messagesOut = 48_233
  row.bytesIn = 3_250_586
  row.bytesOut = 13_526_630
  row.largestIn = 65_536
  row.backlogBytes = number == 1 ? 831_488 : 0
  row.roundTripMilliseconds = 12
  return row
}

/// Totals of a busy engine.
func statistics(run: String = "run-1", version: String = "1.0.0") -> EngineStatistics {
  var statistics = EngineStatistics(
    engine: engine(run: run, version: version), now: now, uptimeSeconds: 274_320)
  statistics.sessions.open = 10_431
  statistics.sessions.limit = 100_000
  statistics.sessions.opened = 182_004
  statistics.sessions.closed = 171_573
  statistics.rates.messagesIn = 12_400
  statistics.rates.messagesOut = 48_000
  statistics.rates.bytesIn = 3_250_586
  statistics.rates.bytesOut = 13_526_630
  statistics.closes = [
    CloseCount(code: .normalClosure, by: .peer, count: 171_000),
    CloseCount(code: .messageTooBig, by: .limit, count: 73),
    CloseCount(code: .abnormalClosure, by: .network, count: 500),
  ]
  statistics.sizesIn.count = 1000
  statistics.sizesIn.maximum = 1_048_576
  statistics.sizesIn.buckets = [
    [SizeBuckets.index(of: 212), 900], [SizeBuckets.index(of: 8300), 95],
    [SizeBuckets.index(of: 1_048_576), 5],
  ]
  statistics.sizesOut = statistics.sizesIn
  return statistics
}

/// Every limit at its default, and one set for a route.
func limits() -> [LimitRow] {
  var rows = LimitKey.allCases.map { key in
    LimitRow(
      key: key, value: key.text(of: key.definition.defaultValue),
      defaultValue: key.text(of: key.definition.defaultValue), source: .default, scope: .engine)
  }
  rows.append(
    LimitRow(
      key: .messageBytes, value: "64KiB", defaultValue: "1MiB", source: .operator,
      scope: .route("/ws/echo")))
  return rows
}

/// A picture of `total` sessions, of which the window from `offset` on has `count` rows.
func picture(
  total: Int = 100, offset: Int = 0, count: Int = 50, run: String = "run-1",
  version: String = "1.0.0"
) -> Snapshot {
  var snapshot = Snapshot(sequence: 1, statistics: statistics(run: run, version: version))
  let end = min(offset + count, total)
  snapshot.sessions = SessionList(
    engine: run, total: total, offset: offset,
    sessions: offset < end ? (offset..<end).map { row($0) } : [])
  snapshot.limits = limits()
  snapshot.history = (0..<60).map { second in
    var sample = RateSample()
    sample.at = now - 60 + Double(second)
    sample.messagesIn = Double(second % 20) * 600
    sample.messagesOut = Double(second % 30) * 1600
    sample.bytesIn = Double(second) * 50_000
    sample.bytesOut = Double(60 - second) * 200_000
    return sample
  }
  return snapshot
}

/// A console before it is connected.
func unconnected(
  columns: Int = 80, rows: Int = 24, repertoire: Repertoire = .unicode
) -> Model {
  Model(
    setup: Setup(
      target: "/run/user/1000/wstop/default.sock", version: "1.0.0", repertoire: repertoire),
    columns: columns, rows: rows, now: now)
}

/// A console that shows a picture.
func connected(
  columns: Int = 80, rows: Int = 24, repertoire: Repertoire = .unicode,
  showing snapshot: Snapshot = picture()
) -> Model {
  var model = unconnected(columns: columns, rows: rows, repertoire: repertoire)
  _ = update(&model, .connected)
  _ = update(&model, .snapshot(snapshot))
  return model
}

extension Dialog {
  /// The text in the filter line, whether it is a filter or not.
  var typedFilter: String? {
    if case .filter(let line) = self { line.editor.text } else { nil }
  }
}

extension Model {
  /// Presses keys one after the other; returns all effects.
  @discardableResult
  mutating func keys(_ keys: Key...) -> [Effect] {
    keys.flatMap { update(&self, .key($0)) }
  }

  /// Types characters one after the other; returns all effects.
  @discardableResult
  mutating func type(_ text: String) -> [Effect] {
    text.flatMap { update(&self, .key(.character($0))) }
  }

  /// The text on the screen.
  var lines: [String] {
    var canvas = Canvas(columns: 0, rows: 0)
    draw(self, into: &canvas)
    return canvas.lines
  }

  /// The text on the screen in one piece.
  var text: String { lines.joined(separator: "\n") }
}

extension Model {
  var setup: Setup {
    get { context.setup }
    set { context.setup = newValue }
  }
  var columns: Int { context.columns }
  var rows: Int { context.rows }
  var latest: LatestSnapshot { context.latest }
  var screen: Screen {
    get { context.screen }
    set { context.screen = newValue }
  }
  var pages: [Page] { context.pages }
  var keyContext: KeyContext { context.keyContext }
  var dialog: Dialog? { context.dialog }
  var notice: Notice? { context.notice }
  var pacing: Pacing { context.pacing }
  var pending: PendingActs { context.pending }
  var acts: ShownActs { context.acts }
  var appearance: Appearance { context.appearance }
  var sought: String { context.sought }
  var tapPage: TapPage? { context.tapPage }
  var isReadOnly: Bool { context.isReadOnly }
  var commandContext: CommandContext { context.commandContext }
  var table: SessionTable {
    get { screens[SessionsScreen.self].table }
    set { screens[SessionsScreen.self].table = newValue }
  }
  var closes: ClosesScreen { screens[ClosesScreen.self] }
  var history: HistoryScreen { screens[HistoryScreen.self] }
  var rooms: GroupTable { screens[RoomsScreen.self].groups }
  var traffic: TrafficScreen { screens[TrafficScreen.self] }
  var log: LogScreen { screens[LogScreen.self] }
  var limits: LimitsScreen { screens[LimitsScreen.self] }
}
