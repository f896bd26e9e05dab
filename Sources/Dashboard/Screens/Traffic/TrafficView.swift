import ControlProtocol
import Vocabulary

extension TrafficScreen {
  package func draw(into canvas: inout Canvas, _ layout: Layout, in context: ScreenContext) {
    TrafficView(screen: self, context: context).draw(layout, into: &canvas)
  }
}

/// The drawing of the graphs and histograms of traffic.
struct TrafficView {
  fileprivate var screen: TrafficScreen
  fileprivate var context: ScreenContext

  /// A rectangle of the canvas.
  struct Area {
    var row: Int
    var column: Int
    var rows: Int
    var columns: Int
  }

  /// One graph.
  private struct Graph {
    var title: String
    var now: String
    /// The values over time.
    var samples: [(at: Double, value: Double)]
    var form: (Double) -> String

    /// The greatest value, at the graph's top.
    var peak: Double { samples.map(\.value).filter(\.isFinite).max() ?? 0 }
    /// That value on the scale.
    var top: String { form(peak) }
  }

  /// Draws the choice of windows, and six graphs above three histograms; with less room, fewer.
  func draw(_ layout: Layout, into canvas: inout Canvas) {
    guard layout.contentRows >= 2, canvas.columns >= 10 else { return }
    canvas.put(choice, row: layout.contentTop, column: 1, limit: canvas.columns - 1)
    let height = layout.contentRows - 1
    let top = layout.contentTop + 1
    let histogramRows = height >= 12 ? height - max(3 * (height * 3 / 5 / 3), 9) - 1 : 0
    let graphHeight = height - histogramRows
    let half = (canvas.columns - 3) / 2
    let hasScale = graphHeight >= 4 && half >= 24
    let lineCount = min(max((graphHeight - (hasScale ? 1 : 0)) / 3, 1), 3)
    let graphRows = (graphHeight - (hasScale ? 1 : 0)) / lineCount
    let shown = graphs.prefix(lineCount * 2)
    let scaleColumns = hasScale ? 1 + (shown.map { DisplayWidth.of($0.top) }.max() ?? 0) : 0
    for (index, graph) in shown.enumerated() {
      let area = Area(
        row: top + index / 2 * graphRows, column: 1 + index % 2 * (half + 1), rows: graphRows,
        columns: half)
      draw(graph, in: area, scaleColumns: scaleColumns, into: &canvas)
    }
    if hasScale {
      for column in 0..<2 {
        let area = Area(
          row: top + lineCount * graphRows, column: 1 + column * (half + 1) + scaleColumns, rows: 1,
          columns: half - scaleColumns)
        drawTimes(in: area, into: &canvas)
      }
    }
    guard histogramRows >= 3 else { return }
    drawHistograms(row: top + height - histogramRows, rows: histogramRows, into: &canvas)
  }

  /// The windows and the route, with the chosen ones marked.
  private var choice: StyledText {
    var text = StyledText()
    for window in TrafficWindow.allCases {
      let isChosen = window == screen.window
      text.append(
        isChosen ? "[\(window.rawValue)]" : " \(window.rawValue) ", isChosen ? .activeTab : .dim)
    }
    let routes = context.latest.statistics?.engine.routes ?? []
    text.append("  sizes of ", .dim)
    text.append(
      screen.route.map { context.shown($0) } ?? "all \(routes.count) routes", .accent)
    guard let report = screen.report, report.sizesSeconds > 0 else { return text }
    return text.with(", last \(HumanText.duration(report.sizesSeconds))", .dim)
  }

  // MARK: Graphs

  private var graphs: [Graph] {
    let rates = context.latest.statistics?.rates ?? RateSample()
    // `history` stands in for an engine that knows no windows: it has the last seconds.
    let samples = screen.report?.samples ?? context.latest.history
    func graph(
      _ title: String, _ value: (RateSample) -> Double, now: String? = nil,
      form: @escaping (Double) -> String = { QuantityText.shortCount($0) + "/s" }
    ) -> Graph {
      Graph(
        title: title, now: now ?? form(value(rates)), samples: samples.map { ($0.at, value($0)) },
        form: form)
    }
    let open = context.latest.statistics?.sessions.open ?? 0
    return [
      graph("messages in", { $0.messagesIn }), graph("messages out", { $0.messagesOut }),
      graph("bytes in", { $0.bytesIn }, form: HumanText.byteRate),
      graph("bytes out", { $0.bytesOut }, form: HumanText.byteRate),
      graph(
        "sessions", { Double($0.open) }, now: QuantityText.shortCount(open),
        form: { QuantityText.shortCount($0.rounded()) }),
      graph(
        "handshakes", { $0.opened + $0.refused },
        now: QuantityText.shortCount(rates.opened) + "/s, refused "
          + QuantityText.shortCount(rates.refused) + "/s"),
    ]
  }

  /// Draws a title, and below it the graph with its scale: the greatest value at the top, zero at
  /// the bottom.
  private func draw(
    _ graph: Graph, in area: Area, scaleColumns: Int,
    into canvas: inout Canvas
  ) {
    var line = StyledText(graph.title, .heading)
    line.append("  " + graph.now, .accent)
    line.append("  peak \(graph.top)", .dim)
    canvas.put(line, row: area.row, column: area.column, limit: area.columns)
    let height = max(area.rows - 1, 0)
    let columns = area.columns - scaleColumns
    let window = screen.report?.window ?? screen.window
    let points = Self.points(graph.samples, window, count: pointCount(columns))
    let rows =
      context.setup.repertoire == .unicode
      ? BrailleGraph.rows(points, peak: graph.peak, height: height)
      : Sparkline.rows(points, peak: graph.peak, height: height)
    for (index, row) in rows.enumerated() {
      canvas.put(
        row, row: area.row + 1 + index, column: area.column + scaleColumns, style: .live,
        limit: columns)
    }
    guard scaleColumns > 0, height > 0 else { return }
    func mark(_ text: String, _ index: Int) {
      canvas.put(
        DisplayWidth.padded(text, to: scaleColumns - 1, right: true), row: area.row + 1 + index,
        column: area.column, style: .dim)
    }
    mark(graph.top, 0)
    if height > 1, graph.peak > 0 { mark("0", height - 1) }
  }

  /// Draws the time at both ends of the graphs above.
  private func drawTimes(in area: Area, into canvas: inout Canvas) {
    let window = screen.report?.window ?? screen.window
    let span = Self.span(of: window, count: pointCount(area.columns))
    canvas.fill(
      row: area.row, columns: area.column..<(area.column + area.columns), with: "─", style: .dim)
    let start = "\(HumanText.duration(Double(span.seconds * span.count))) ago "
    canvas.put(start, row: area.row, column: area.column, style: .dim)
    let end =
      if context.pacing.isPaused { " when paused" } else if case .lost = context.connection {
        " when lost"
      } else { " now" }
    canvas.put(
      end, row: area.row, column: area.column + area.columns - DisplayWidth.of(end), style: .dim)
  }

  /// The number of values in a graph of so many columns.
  private func pointCount(_ columns: Int) -> Int {
    columns * (context.setup.repertoire == .unicode ? 2 : 1)
  }

  /// The number of equal spans that a graph divides a window into, and their length in seconds.
  private static func span(of window: TrafficWindow, count: Int) -> (count: Int, seconds: Int) {
    let slotCount = window.seconds / window.stepSeconds
    let factor = max(1, (slotCount + count - 1) / max(count, 1))
    return (factor == 1 ? slotCount : count, window.stepSeconds * factor)
  }

  /// The values of `count` equal spans, the newest at the right; nil for a span without samples.
  ///
  /// With fewer points than samples they are averages of spans that begin at whole multiples of
  /// their length, so that a graph moves and does not shimmer; with more, samples are stretched.
  static func points(
    _ samples: [(at: Double, value: Double)], _ window: TrafficWindow, count: Int
  ) -> [Double?] {
    guard count > 0, let last = samples.last else { return [] }
    let (averageCount, seconds) = span(of: window, count: count)
    let span = Double(seconds)
    let newest = HumanText.whole(last.at / span, .down)
    var sums = Array(repeating: (sum: 0.0, count: 0), count: averageCount)
    for sample in samples {
      let age = newest - HumanText.whole(sample.at / span, .down)
      guard age >= 0, age < averageCount else { continue }
      sums[averageCount - 1 - age].sum += sample.value
      sums[averageCount - 1 - age].count += 1
    }
    let averages = sums.map { $0.count > 0 ? $0.sum / Double($0.count) : nil }
    guard averageCount < count else { return averages }
    return (0..<count).map { averages[$0 * averageCount / count] }
  }

  // MARK: Histograms

  private func drawHistograms(
    row: Int, rows: Int, into canvas: inout Canvas
  ) {
    guard let statistics = context.latest.statistics else { return }
    let report = screen.report
    let limit =
      report.flatMap { LimitAmount.messageBytes($0.messageBytes) }
      ?? LimitAmount.messageBytes(context)
    let all: [(SizeDistribution, String, Int?, SizeHistogramView.Unit)] = [
      (report?.sizesIn ?? statistics.sizesIn, "in", limit, .bytes),
      (report?.sizesOut ?? statistics.sizesOut, "out", limit, .bytes),
      (report?.roundTrips ?? SizeDistribution(), "rtt", nil, .microseconds),
    ]
    let count = canvas.columns >= 66 ? 3 : canvas.columns >= 40 ? 2 : 1
    let width = (canvas.columns - 1 - count) / count
    for (index, part) in all.prefix(count).enumerated() {
      let area = Area(row: row, column: 1 + index * (width + 1), rows: rows, columns: width)
      SizeHistogramView.draw(
        part.0, title: part.1, limit: part.2, unit: part.3, in: area, into: &canvas)
    }
  }
}
