import ControlProtocol
import Vocabulary

/// Rates over a span of time, how message sizes are spread, and round trips.
enum TrafficView {
  /// A rectangle of the canvas.
  struct Area {
    var row: Int
    var column: Int
    var rows: Int
    var columns: Int
  }

  /// What one graph shows.
  private struct Graph {
    var title: String
    var now: String
    var value: (RateSample) -> Double
    var form: (Double) -> String
  }

  /// Draws the choice of spans, six graphs above three histograms; with less room, fewer.
  static func draw(_ model: Model, _ layout: Layout, into canvas: inout Canvas) {
    guard layout.contentRows >= 2, canvas.columns >= 10 else { return }
    canvas.put(choice(model), row: layout.contentTop, column: 1, limit: canvas.columns - 1)
    let height = layout.contentRows - 1
    let top = layout.contentTop + 1
    let histogramRows = height >= 12 ? height - max(3 * (height * 3 / 5 / 3), 9) : 0
    let graphHeight = height - histogramRows
    let lineCount = min(max(graphHeight / 3, 1), 3)
    let graphRows = graphHeight / lineCount
    let half = (canvas.columns - 3) / 2
    for (index, graph) in graphs(model).prefix(lineCount * 2).enumerated() {
      let area = Area(
        row: top + index / 2 * graphRows, column: 1 + index % 2 * (half + 1), rows: graphRows,
        columns: half)
      draw(graph, model, in: area, into: &canvas)
    }
    guard histogramRows >= 3 else { return }
    drawHistograms(
      model, row: top + height - histogramRows, rows: histogramRows, into: &canvas)
  }

  /// The spans and the route, of which each is one.
  private static func choice(_ model: Model) -> StyledText {
    var text = StyledText()
    for window in TrafficWindow.allCases {
      let isChosen = window == model.traffic.window
      text.append(
        isChosen ? "[\(window.rawValue)]" : " \(window.rawValue) ", isChosen ? .activeTab : .dim)
    }
    let routes = model.picture.statistics?.engine.routes ?? []
    text.append("  sizes of ", .dim)
    text.append(
      model.traffic.route.map { model.shown($0) } ?? "all \(routes.count) routes", .accent)
    guard let report = model.picture.traffic, report.sizesSeconds > 0 else { return text }
    return text.with(", last \(HumanText.duration(report.sizesSeconds))", .dim)
  }

  // MARK: Graphs

  private static func graphs(_ model: Model) -> [Graph] {
    let rates = model.picture.statistics?.rates ?? RateSample()
    func graph(
      _ title: String, _ value: @escaping (RateSample) -> Double,
      form: @escaping (Double) -> String = { QuantityText.shortCount($0) + "/s" }
    ) -> Graph {
      Graph(title: title, now: form(value(rates)), value: value, form: form)
    }
    let open = model.picture.statistics?.sessions.open ?? 0
    return [
      graph("messages in", { $0.messagesIn }), graph("messages out", { $0.messagesOut }),
      graph("bytes in", { $0.bytesIn }, form: HumanText.byteRate),
      graph("bytes out", { $0.bytesOut }, form: HumanText.byteRate),
      Graph(
        title: "sessions", now: QuantityText.shortCount(open), value: { Double($0.open) },
        form: { QuantityText.shortCount($0.rounded()) }),
      Graph(
        title: "handshakes",
        now: QuantityText.shortCount(rates.opened) + "/s, refused "
          + QuantityText.shortCount(rates.refused) + "/s",
        value: { $0.opened + $0.refused }, form: { QuantityText.shortCount($0) + "/s" }),
    ]
  }

  private static func draw(
    _ graph: Graph, _ model: Model, in area: Area, into canvas: inout Canvas
  ) {
    // An engine that knows no spans still sends the last seconds.
    let report = model.picture.traffic
    let samples = (report?.samples ?? model.picture.history).map { ($0.at, graph.value($0)) }
    let peak = samples.map(\.1).filter(\.isFinite).max() ?? 0
    var line = StyledText(graph.title, .heading)
    line.append("  " + graph.now, .accent)
    line.append("  peak \(graph.form(peak))", .dim)
    canvas.put(line, row: area.row, column: area.column, limit: area.columns)
    let height = max(area.rows - 1, 0)
    let window = report?.window ?? model.traffic.window
    let isBraille = model.setup.repertoire == .unicode
    let points = points(samples, window, count: area.columns * (isBraille ? 2 : 1))
    let rows =
      isBraille
      ? BrailleGraph.rows(points, peak: peak, height: height)
      : Sparkline.rows(points, peak: peak, height: height)
    for (index, row) in rows.enumerated() {
      canvas.put(
        row, row: area.row + 1 + index, column: area.column, style: .live, limit: area.columns)
    }
  }

  /// The values of so many equal spans of time, the newest at the right; nil where nothing is
  /// known.
  ///
  /// With fewer points than samples they are averages of spans that begin at whole multiples of
  /// their length, so that a graph moves and does not shimmer; with more, samples are stretched.
  static func points(
    _ samples: [(at: Double, value: Double)], _ window: TrafficWindow, count: Int
  ) -> [Double?] {
    guard count > 0, let last = samples.last else { return [] }
    let step = Double(window.stepSeconds)
    let slotCount = window.seconds / window.stepSeconds
    let factor = max(1, (slotCount + count - 1) / count)
    let span = step * Double(factor)
    let newest = HumanText.whole(last.at / span, .down)
    let averageCount = factor == 1 ? slotCount : count
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

  private static func drawHistograms(
    _ model: Model, row: Int, rows: Int, into canvas: inout Canvas
  ) {
    guard let statistics = model.picture.statistics else { return }
    let report = model.picture.traffic
    let limit =
      report.flatMap { LimitAmount.messageBytes($0.messageBytes) }
      ?? LimitAmount.messageBytes(model)
    let all: [(SizeDistribution, String, Int?, SizeHistogram.Unit)] = [
      (report?.sizesIn ?? statistics.sizesIn, "in", limit, .bytes),
      (report?.sizesOut ?? statistics.sizesOut, "out", limit, .bytes),
      (report?.roundTrips ?? SizeDistribution(), "rtt", nil, .microseconds),
    ]
    let count = canvas.columns >= 66 ? 3 : canvas.columns >= 40 ? 2 : 1
    let width = (canvas.columns - 1 - count) / count
    for (index, part) in all.prefix(count).enumerated() {
      let area = Area(row: row, column: 1 + index * (width + 1), rows: rows, columns: width)
      SizeHistogram.draw(
        part.0, title: part.1, limit: part.2, unit: part.3, in: area, into: &canvas)
    }
  }
}
