import ControlProtocol
import Vocabulary

/// The lines above the screen: engine, sessions, traffic; and the tabs.
enum HeaderView {
  /// Draws as many lines as the layout has.
  static func draw(_ model: Model, _ layout: Layout, into canvas: inout Canvas) {
    let context = model.context
    if layout.headerRows > 0 { drawIdentity(context, into: &canvas) }
    if layout.headerRows >= 3, let statistics = context.latest.statistics {
      drawTraffic(context, statistics, layout, into: &canvas)
    }
    if let row = layout.tabRow { drawTabs(model, row: row, into: &canvas) }
  }

  private static func drawIdentity(_ context: ScreenContext, into canvas: inout Canvas) {
    canvas.fill(row: 0, columns: 0..<canvas.columns, style: .title)
    var left = StyledText("wstop", .title)
    var right = StyledText()
    let statistics = context.latest.statistics
    var fixedCount = 2
    if let statistics {
      left.append(" \(context.shown(statistics.engine.name))", .title)
      if let holder = context.latest.holder {
        let role = context.latest.role.map { " (\($0.rawValue))" } ?? ""
        left.append(
          "  \(context.shown(context.setup.target)) as \(context.shown(holder))\(role)", .title)
        fixedCount += 1
      }
      if context.isReadOnly {
        left.append("  read-only", .warning)
        fixedCount += 1
      }
      if case .lost = context.connection {
      } else {
        left.append(
          "  up \(QuantityText.readableDuration(seconds: statistics.uptimeSeconds))", .title)
        let listeners = statistics.engine.listeners.map { context.shown($0) }
        if canvas.columns >= 60, !listeners.isEmpty {
          left.append("  " + DisplayWidth.fitted(listeners.joined(separator: " "), to: 40), .title)
        }
      }
      let sessions = statistics.sessions
      right.append("sessions \(QuantityText.readableCount(sessions.open))", .title)
      right.append(" (\(sessions.limitText))", .title)
      if canvas.columns >= Layout.wideColumns {
        right.append("  opened \(QuantityText.readableCount(sessions.opened))", .title)
        right.append("  closed \(QuantityText.readableCount(sessions.closed))", .title)
      }
    }
    if case .lost(let since, let reason) = context.connection {
      let ago = HumanText.duration(context.now - since)
      left.append(" ", .title)
      left.append(" LOST \(ago) ago, reconnecting: \(context.shown(reason)) ", .danger)
    }
    if left.width + right.width + 4 > canvas.columns, statistics != nil,
      context.connection.isConnected
    {
      // Listeners are dropped first, then the totals, the limit and the uptime.
      if left.runs.count > fixedCount + 1 { left.runs.removeLast() }
      while left.width + right.width + 4 > canvas.columns, right.runs.count > 1 {
        right.runs.removeLast()
      }
      if left.width + right.width + 4 > canvas.columns, left.runs.count > fixedCount {
        left.runs.removeLast()
      }
    }
    canvas.put(left, right: right, row: 0)
  }

  private static func drawTraffic(
    _ context: ScreenContext, _ statistics: EngineStatistics, _ layout: Layout,
    into canvas: inout Canvas
  ) {
    let isWide = canvas.columns >= Layout.wideColumns
    let history = context.latest.history
    let rates = statistics.rates
    let graph =
      isWide ? min(max(canvas.columns - 102, 16), 24) : min(max(canvas.columns - 54, 0), 30)
    let into = rate(
      "in ", rates.messagesIn, rates.bytesIn, history.map(\.messagesIn), columns: graph)
    let out = rate(
      "out", rates.messagesOut, rates.bytesOut, history.map(\.messagesOut), columns: graph)
    let sizes = sizes(context, statistics)
    let closes = closes(
      context, statistics,
      columns: isWide ? canvas.columns - into.width - 5 : canvas.columns - 2)
    if isWide {
      canvas.put(joined(into, sizes), row: 1, column: 1)
      canvas.put(joined(out, closes), row: 2, column: 1)
      return
    }
    let sessions = statistics.sessions
    canvas.put(
      into, right: StyledText("opened ", .dim).with(QuantityText.readableCount(sessions.opened)),
      row: 1)
    canvas.put(
      out, right: StyledText("closed ", .dim).with(QuantityText.readableCount(sessions.closed)),
      row: 2)
    guard layout.headerRows >= 5 else { return }
    canvas.put(sizes, row: 3, column: 1)
    canvas.put(closes, row: 4, column: 1)
  }

  private static func joined(_ left: StyledText, _ right: StyledText) -> StyledText {
    var line = left
    line.append("   ")
    line.runs += right.runs
    return line
  }

  private static func rate(
    _ label: String, _ messages: Double, _ bytes: Double, _ history: [Double], columns: Int
  ) -> StyledText {
    var line = StyledText(label, .dim)
    line.append(DisplayWidth.number(QuantityText.shortCount(messages), to: 6), .accent)
    line.append(" msg/s", .dim)
    line.append(DisplayWidth.number(HumanText.byteRate(bytes), to: 12), .accent)
    line.append("  ")
    line.append(Sparkline.text(history, columns: columns), .live)
    return line
  }

  private static func sizes(_ context: ScreenContext, _ statistics: EngineStatistics) -> StyledText
  {
    let sizes = statistics.sizesIn
    var line = StyledText("sizes in  ", .dim)
    for (label, part) in [("p50 ", 0.5), ("p99 ", 0.99)] {
      line.append(label, .dim)
      line.append(
        (sizes.percentile(part).map { QuantityText.readableBytes($0) } ?? "–") + "  ", .accent)
    }
    line.append("max ", .dim)
    line.append(sizes.count > 0 ? QuantityText.readableBytes(sizes.maximum) : "–", .accent)
    if let limit = LimitAmount.messageBytes(context) {
      line.append("  limit ", .dim)
      line.append(QuantityText.readableBytes(limit), sizes.maximum >= limit ? .warning : .accent)
    }
    return line
  }

  /// The most close codes that are named; all others are summed up.
  private static let namedCloseCount = 8

  /// The close codes that are most frequent, as many as there is room for, and the sum of the others.
  private static func closes(
    _ context: ScreenContext, _ statistics: EngineStatistics, columns: Int
  ) -> StyledText {
    var counts: [CloseCode: Int] = [:]
    for close in statistics.closes { counts[close.code, default: 0] &+= close.count }
    let frequent = counts.filter { $0.value > 0 }
      .sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
    guard !frequent.isEmpty else { return StyledText("closes  none yet", .dim) }
    let rates = context.latest.closeRates
    func line(naming count: Int, withRates: Bool) -> StyledText {
      let named = frequent.prefix(count)
      var line = StyledText("closes", .dim)
      func add(_ label: String, _ count: Int, _ rate: Double?) {
        line.append("  \(label) ", .dim)
        line.append(HumanText.count(count, columns: columns >= 100 ? 9 : 5), .normal)
        guard withRates else { return }
        line.append(" \(rate.map { QuantityText.shortCount($0) } ?? "–")/s", .accent)
      }
      for (code, count) in named { add(String(code.rawValue), count, rates.perSecond(of: code)) }
      let others = frequent.dropFirst(count)
      guard !others.isEmpty else { return line }
      add(
        "other", others.reduce(0) { $0 &+ $1.value }, rates.perSecond(without: named.map(\.key)))
      return line
    }
    // Names and rates are left out before anything is cut: a number that is cut would be another.
    for withRates in [true, false] {
      for count in (1...min(frequent.count, namedCloseCount)).reversed() {
        let line = line(naming: count, withRates: withRates)
        if line.width <= columns { return line }
      }
    }
    return line(naming: 1, withRates: false)
  }

  private static func drawTabs(_ model: Model, row: Int, into canvas: inout Canvas) {
    let columns = canvas.columns
    var left = StyledText()
    var right = StyledText()
    // The arrangement of the table matters more than the names of other screens.
    for form in columns < 56 ? [.digits] : TabForm.allCases {
      left = tabs(model.context, form)
      right = arrangement(model, columns: columns - left.width)
      if left.width + right.width + 4 <= columns { break }
    }
    canvas.put(left, right: right, row: row)
    var column = 1
    for (screen, tab) in zip(Screen.allCases, left.runs) {
      let width = DisplayWidth.of(tab.text)
      canvas.add(.screen(screen), row: row, columns: column..<(column + width))
      column += width
    }
  }

  /// The forms of the tabs of hidden screens, the widest first.
  private enum TabForm: CaseIterable {
    /// With their names, apart.
    case apart
    /// With their names, close to each other.
    case close
    /// Without their names, apart.
    case digits
    /// Without their names, close to each other.
    case closeDigits
  }

  /// The tabs, a run each.
  private static func tabs(_ context: ScreenContext, _ form: TabForm) -> StyledText {
    var tabs = StyledText()
    for screen in Screen.allCases {
      let title = "\(screen.digit) \(screen.title)"
      if screen == context.screen {
        tabs.append("[\(title)]", .activeTab)
      } else {
        switch form {
        case .apart: tabs.append(" \(title) ", .dim)
        case .close: tabs.append(" \(title)", .dim)
        case .digits: tabs.append(" \(screen.digit) ", .dim)
        case .closeDigits: tabs.append(" \(screen.digit)", .dim)
        }
      }
    }
    return tabs
  }

  /// The arrangement of the shown screen; empty under a page.
  private static func arrangement(_ model: Model, columns: Int) -> StyledText {
    guard model.context.pages.isEmpty else { return StyledText() }
    return model.screens[model.context.screen].arrangement(columns: columns, in: model.context)
  }
}

extension StyledText {
  /// Appends a filter that is not empty, cut to so many columns.
  mutating func append(
    filter: String, named name: String, columns: Int, in context: ScreenContext
  ) {
    guard !filter.isEmpty else { return }
    append("\(name) ", .dim)
    append(
      DisplayWidth.fitted(context.shown(filter), to: max(columns - width - 4, 12)), .warning)
  }
}
