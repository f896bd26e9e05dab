import ControlProtocol
import Vocabulary

/// Rates over the last five minutes, and how message sizes are spread.
enum TrafficView {
  /// How many seconds are drawn.
  static let seconds = 300

  /// Draws four graphs above two histograms; with less room, fewer.
  static func draw(_ model: Model, _ layout: Layout, into canvas: inout Canvas) {
    let height = layout.contentRows
    guard height >= 2, canvas.columns >= 10 else { return }
    let half = (canvas.columns - 3) / 2
    let histogramRows = height >= 12 ? height * 2 / 5 : 0
    let graphRows = (height - histogramRows) / (height >= 8 ? 2 : 1)
    let history = model.picture.history
    let rates = model.picture.statistics?.rates ?? RateSample()
    let graphs: [(String, KeyPath<RateSample, Double>, Bool)] = [
      ("messages in", \.messagesIn, false), ("messages out", \.messagesOut, false),
      ("bytes in", \.bytesIn, true), ("bytes out", \.bytesOut, true),
    ]
    for (index, graph) in graphs.enumerated() {
      let row = layout.contentTop + index / 2 * graphRows
      guard row + graphRows <= layout.contentTop + height - histogramRows else { break }
      let form: (Double) -> String =
        graph.2 ? { HumanText.byteRate($0) } : { QuantityText.shortCount($0) + "/s" }
      let area = Area(row: row, column: 1 + index % 2 * (half + 1), rows: graphRows, columns: half)
      draw(
        graph.0, history.map { ($0.at, $0[keyPath: graph.1]) }, now: rates[keyPath: graph.1],
        form: form, in: area, into: &canvas)
    }
    guard histogramRows > 0, let statistics = model.picture.statistics else { return }
    let row = layout.contentTop + height - histogramRows
    let limit = LimitAmount.messageBytes(model)
    for (index, sizes) in [statistics.sizesIn, statistics.sizesOut].enumerated() {
      let area = Area(
        row: row, column: 1 + index * (half + 1), rows: histogramRows, columns: half)
      SizeHistogram.draw(
        sizes, title: index == 0 ? "sizes in" : "sizes out", limit: limit, in: area,
        into: &canvas)
    }
  }

  /// A rectangle of the canvas.
  struct Area {
    var row: Int
    var column: Int
    var rows: Int
    var columns: Int
  }

  private static func draw(
    _ title: String, _ samples: [(at: Double, value: Double)], now: Double,
    form: (Double) -> String, in area: Area, into canvas: inout Canvas
  ) {
    let columns = averages(samples, columns: area.columns)
    let peak = samples.map(\.value).filter(\.isFinite).max() ?? 0
    var line = StyledText(title, .heading)
    line.append("  " + form(now), .accent)
    line.append("  peak \(form(peak))", .dim)
    let span = "  in the last \(seconds / 60) minutes"
    if line.width + DisplayWidth.of(span) <= area.columns { line.append(span, .dim) }
    canvas.put(line, row: area.row, column: area.column, limit: area.columns)
    let bars = Sparkline.rows(columns, peak: peak, height: max(area.rows - 1, 0))
    for (index, bar) in bars.enumerated() {
      canvas.put(
        bar, row: area.row + 1 + index, column: area.column, style: .live, limit: area.columns)
    }
  }

  /// The averages of equal spans of time, the newest at the right; nil where nothing is known.
  ///
  /// Spans begin at whole multiples of their length, so that a graph moves and does not shimmer.
  static func averages(
    _ samples: [(at: Double, value: Double)], columns: Int
  ) -> [Double?] {
    guard columns > 0, let last = samples.last else { return [] }
    let span = Double(max(1, (seconds + columns - 1) / columns))
    let newest = HumanText.whole(last.at / span, .down)
    var sums = Array(repeating: (sum: 0.0, count: 0), count: columns)
    for sample in samples {
      let age = newest - HumanText.whole(sample.at / span, .down)
      guard age >= 0, age < columns else { continue }
      sums[columns - 1 - age].sum += sample.value
      sums[columns - 1 - age].count += 1
    }
    return sums.map { $0.count > 0 ? $0.sum / Double($0.count) : nil }
  }
}
