/// Graphs out of block characters.
package enum Sparkline {
  /// The eight levels of one row.
  package static let levels: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// The newest values in one row of a width, scaled to the greatest of them.
  package static func text(_ values: [Double], columns: Int) -> String {
    let shown = values.suffix(max(columns, 0)).map { $0.isFinite ? max($0, 0) : 0 }
    let peak = shown.max() ?? 0
    let bars = shown.map { value -> Character in
      guard peak > 0 else { return levels[0] }
      return levels[min(Int(value / peak * 7 + 0.5), 7)]
    }
    return String(repeating: " ", count: max(columns, 0) - bars.count) + String(bars)
  }

  /// The rows of block characters, top first, for columns of values against a peak.
  ///
  /// A value above 0 has at least the lowest level, so that little is never drawn as nothing.
  package static func rows(_ values: [Double?], peak: Double, height: Int) -> [String] {
    guard height > 0 else { return [] }
    let eighths = values.map { value -> Int in
      guard let value, value.isFinite, value > 0, peak > 0 else { return 0 }
      return max(1, Int(min(value / peak, 1) * Double(height * 8) + 0.5))
    }
    return (0..<height).map { row in
      let floor = (height - 1 - row) * 8
      return String(
        eighths.map { level -> Character in
          if level <= floor { return " " }
          return levels[min(level - floor, 8) - 1]
        })
    }
  }
}
