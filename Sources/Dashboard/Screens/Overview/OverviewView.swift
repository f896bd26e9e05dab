import ControlProtocol
import Vocabulary

extension OverviewScreen {
  package func draw(into canvas: inout Canvas, _ layout: Layout, in context: ScreenContext) {
    OverviewView(screen: self, context: context).draw(layout, into: &canvas)
  }
}

/// The drawing of the overview: rates, the alarms that are on, and the lists.
private struct OverviewView {
  var screen: OverviewScreen
  var context: ScreenContext

  /// A list with a heading.
  private struct List {
    var title: String
    var lines: [Line]
    /// The text in place of the lines if there are none.
    var empty: String
  }

  /// A line of a list.
  private struct Line {
    var name: StyledText
    /// The text at the right.
    var amount: String
    var style = Style.accent
  }

  /// The most alarms that are drawn; the last line tells of the others.
  private static let maximumAlarmCount = 4

  /// Draws the rates and alarms, and below them as many lists as fit.
  func draw(_ layout: Layout, into canvas: inout Canvas) {
    guard layout.contentRows >= 1, let statistics = context.latest.statistics else { return }
    var next = layout.contentTop
    for line in rates(statistics, columns: canvas.columns - 2) + alarms
    where next < layout.contentTop + layout.contentRows {
      canvas.put(line, row: next, column: 1, limit: canvas.columns - 1)
      next += 1
    }
    let lists = [
      closes, refusals(statistics), rooms, top(.traffic), top(.backlog), top(.roundTrip),
    ]
    let perRow = canvas.columns >= 78 ? 3 : canvas.columns >= 48 ? 2 : 1
    let height = layout.contentTop + layout.contentRows - next
    // `height / 2` leaves each row of lists a line below its heading.
    let rowCount = min((lists.count + perRow - 1) / perRow, height / 2)
    guard rowCount > 0 else { return }
    let rows = min(height / rowCount, OverviewScreen.topCount + 2)
    let width = (canvas.columns - 1) / perRow - 1
    for (index, list) in lists.prefix(rowCount * perRow).enumerated() {
      draw(
        list, row: next + index / perRow * rows,
        column: 1 + index % perRow * (width + 1), rows: rows, columns: width, into: &canvas)
    }
  }

  /// The rates, in as many lines as they need.
  private func rates(_ statistics: EngineStatistics, columns: Int) -> [StyledText] {
    let rates = statistics.rates
    func part(_ name: String, _ text: String, _ style: Style = .accent) -> StyledText {
      StyledText("\(name) ", .dim).with(text, style)
    }
    func count(_ rate: Double) -> String { QuantityText.shortCount(rate) + "/s" }
    let parts = [
      part("opened", count(rates.opened)), part("closed", count(rates.closed)),
      part("refused", count(rates.refused), rates.refused > 0 ? .warning : .accent),
      part("messages in", count(rates.messagesIn))
        .with("  out ", .dim).with(count(rates.messagesOut), .accent),
      part("bytes in", HumanText.byteRate(rates.bytesIn))
        .with("  out ", .dim).with(HumanText.byteRate(rates.bytesOut), .accent),
    ]
    var lines = [StyledText()]
    for part in parts {
      let used = lines[lines.count - 1].width
      if used == 0 {
        lines[lines.count - 1] = part
      } else if used + 2 + part.width <= columns {
        lines[lines.count - 1].append("  ")
        lines[lines.count - 1].runs += part.runs
      } else {
        lines.append(part)
      }
    }
    return lines
  }

  /// The alarms that are on, one a line, or how many are watched.
  private var alarms: [StyledText] {
    let all = context.setup.alarms
    if all.isEmpty { return [] }
    let raised = screen.alarms.raised(in: context)
    guard !raised.isEmpty else {
      return [StyledText("no alarm of \(all.count) is on", .dim)]
    }
    var lines = raised.prefix(Self.maximumAlarmCount).map { one in
      StyledText("ALARM \(context.shown(one.alarm.text))", .danger)
        .with("  \(one.amount)", .warning)
        .with("  for \(HumanText.duration(one.seconds))", .dim)
    }
    if raised.count > lines.count {
      lines.append(StyledText("and \(raised.count - lines.count) alarms more", .danger))
    }
    return lines
  }

  private func draw(
    _ list: List, row: Int, column: Int, rows: Int, columns: Int, into canvas: inout Canvas
  ) {
    guard columns > 0 else { return }
    canvas.fill(row: row, columns: column..<(column + columns), style: .heading)
    canvas.put(list.title, row: row, column: column, style: .heading, limit: columns)
    // `room` leaves the last row free between this list and the one below.
    let room = max(rows - 2, 1)
    if list.lines.isEmpty {
      canvas.put(list.empty, row: row + 1, column: column, style: .dim, limit: columns)
    }
    for (index, line) in list.lines.prefix(room).enumerated() {
      let amountWidth = DisplayWidth.of(line.amount)
      let at = row + 1 + index
      canvas.put(
        line.name.fitted(to: max(columns - amountWidth - 1, 0)), row: at, column: column)
      canvas.put(
        line.amount, row: at, column: column + max(columns - amountWidth, 0), style: line.style,
        limit: columns)
    }
  }

  // MARK: Lists

  private var closes: List {
    let span = screen.seconds.map { "IN THE LAST " + HumanText.duration(Double($0)) }
    let counts = screen.closes(in: context)
    var lines: [Line] = []
    for (code, count) in counts ?? [] where count > 0 {
      let isNormal = code == .normalClosure || code == .goingAway
      let name = StyledText(String(code.rawValue), .accent).with(code.name.map { " " + $0 } ?? "")
      lines.append(
        Line(
          name: name, amount: QuantityText.readableCount(count),
          style: isNormal ? .accent : .warning))
    }
    return List(
      title: "CLOSES " + (span ?? "SINCE THE START"), lines: lines,
      empty: counts == nil ? "–" : "none")
  }

  private func refusals(_ statistics: EngineStatistics) -> List {
    var lines: [Line] = []
    for refusal in statistics.refusals.sorted(by: { $0.count > $1.count }) {
      // `status` is 0 for a failed TLS handshake.
      let status = refusal.status == 0 ? "TLS" : String(refusal.status)
      lines.append(
        Line(
          name: StyledText(status, .accent).with(" " + context.shown(refusal.reason)),
          amount: QuantityText.readableCount(refusal.count)))
    }
    return List(title: "REFUSED HANDSHAKES", lines: lines, empty: "none")
  }

  private var rooms: List {
    List(
      title: "ROOMS BY MEMBERS",
      lines: (screen.rooms?.groups ?? []).map { room in
        Line(
          name: StyledText(context.shown(room.name)),
          amount: QuantityText.readableCount(room.sessions))
      }, empty: screen.rooms == nil ? "loading…" : "no session is in a room")
  }

  private func top(_ top: OverviewScreen.Top) -> List {
    let title =
      switch top {
      case .traffic: "BYTES OUT/S"
      case .backlog: "BACKLOG"
      case .roundTrip: "ROUND TRIP"
      }
    let rows = screen.tops[top]
    var lines: [Line] = []
    for row in rows ?? [] {
      guard let amount = amount(top, of: row) else { continue }
      let name = StyledText(row.id.description + " ", .accent).with(context.shown(row.decodedPath))
      lines.append(Line(name: name, amount: amount, style: top == .backlog ? .warning : .accent))
    }
    return List(title: title, lines: lines, empty: rows == nil ? "loading…" : "none")
  }

  /// The session's amount for a criterion; nil if it does not stand out.
  private func amount(_ top: OverviewScreen.Top, of row: SessionRow) -> String? {
    switch top {
    case .traffic:
      guard let rate = row.rates?.bytesOut, rate > 0 else { return nil }
      return HumanText.byteRate(rate)
    case .backlog:
      return row.backlogBytes > 0 ? QuantityText.readableBytes(row.backlogBytes) : nil
    case .roundTrip:
      return row.roundTripMilliseconds.map { HumanText.milliseconds($0) }
    }
  }
}
