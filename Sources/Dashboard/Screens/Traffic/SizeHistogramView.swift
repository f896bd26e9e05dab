import ControlProtocol
import Vocabulary

/// A histogram of message sizes by powers of two, with `message-bytes` drawn on it.
enum SizeHistogramView {
  /// The unit of the amounts.
  enum Unit {
    case bytes
    /// Times, of messages called round trips.
    case microseconds

    /// An amount for people.
    func text(_ amount: Int) -> String {
      switch self {
      case .bytes: QuantityText.readableBytes(amount)
      case .microseconds:
        amount < 1000
          ? "\(amount)us" : QuantityText.readableMilliseconds(Double(amount) / 1000)
      }
    }

    /// The counted things.
    var noun: String { self == .bytes ? "messages" : "sessions" }
  }

  /// Draws a title, bars, and an axis.
  static func draw(
    _ sizes: SizeDistribution, title: String, limit: Int?, unit: Unit, in area: TrafficView.Area,
    into canvas: inout Canvas
  ) {
    var line = StyledText(title, .heading)
    if let middle = sizes.percentile(0.5), let high = sizes.percentile(0.99) {
      line.append(
        " p50 \(unit.text(middle)) p99 \(unit.text(high))",
        .accent)
    }
    let total = "  of \(QuantityText.shortCount(sizes.count)) \(unit.noun)"
    if line.width + DisplayWidth.of(total) <= area.columns { line.append(total, .dim) }
    canvas.put(line, row: area.row, column: area.column, limit: area.columns)
    let barRows = area.rows - 2
    guard barRows > 0, area.columns > 4 else { return }
    let octaves = sizes.octaves
    let limitOctave = limit.flatMap { $0 > 0 ? 63 - UInt64($0).leadingZeroBitCount : nil }
    let count = max(octaves.count, (limitOctave ?? 0) + 1, 11)
    let barWidth = max(1, min(4, (area.columns - 1) / count))
    let peak = octaves.max() ?? 0
    var values: [Double?] = []
    for octave in 0..<count {
      let value = octave < octaves.count ? Double(octaves[octave]) : 0
      values += Array(repeating: value, count: barWidth)
    }
    let bars = Sparkline.rows(values, peak: Double(peak), height: barRows)
    for (index, bar) in bars.enumerated() {
      canvas.put(
        bar, row: area.row + 1 + index, column: area.column, style: .live, limit: area.columns)
    }
    drawAxis(count: count, barWidth: barWidth, unit, in: area, into: &canvas)
    guard let limit, let limitOctave else { return }
    let column = (limitOctave + 1) * barWidth
    guard column < area.columns else { return }
    for index in 0..<barRows {
      canvas.put(
        "│", row: area.row + 1 + index, column: area.column + column, style: .warning)
    }
    let label = "limit \(QuantityText.readableBytes(limit))"
    let width = DisplayWidth.of(label)
    let start =
      column + 1 + width <= area.columns ? column + 1 : max(0, column - width)
    canvas.put(
      label, row: area.row + 1, column: area.column + start, style: .warning,
      limit: area.columns - start)
  }

  private static func drawAxis(
    count: Int, barWidth: Int, _ unit: Unit, in area: TrafficView.Area, into canvas: inout Canvas
  ) {
    let row = area.row + area.rows - 1
    let step = max(5, (9 + barWidth - 1) / barWidth)
    for octave in stride(from: 0, to: count, by: step) {
      let text = unit.text(octave < 62 ? 1 << octave : Int.max)
      let column = octave * barWidth
      guard column + DisplayWidth.of(text) <= area.columns else { break }
      canvas.put(text, row: row, column: area.column + column, style: .dim)
    }
  }
}
