/// Graphs out of braille patterns: two columns and four rows of dots in each character.
package enum BrailleGraph {
  /// The dots of a character by column and from the bottom up, as bits above U+2800.
  private static let dots: [[UInt32]] = [[0x40, 0x04, 0x02, 0x01], [0x80, 0x20, 0x10, 0x08]]

  /// The rows of characters, top first, for columns of values against a peak, two in a character.
  ///
  /// A value above 0 has at least one dot, so that little is never drawn as nothing.
  package static func rows(_ values: [Double?], peak: Double, height: Int) -> [String] {
    guard height > 0 else { return [] }
    let levels = values.map { value -> Int in
      guard let value, value.isFinite, value > 0, peak > 0 else { return 0 }
      return max(1, Int(min(value / peak, 1) * Double(height * 4) + 0.5))
    }
    return (0..<height).map { row in
      let floor = (height - 1 - row) * 4
      var text = String.UnicodeScalarView()
      for start in stride(from: 0, to: levels.count, by: 2) {
        var bits: UInt32 = 0
        for (column, level) in levels[start..<min(start + 2, levels.count)].enumerated() {
          for dot in 0..<max(0, min(level - floor, 4)) { bits |= dots[column][dot] }
        }
        // A blank stands for the pattern without dots, which is not as wide as a blank in every
        // font.
        text.append(bits == 0 ? " " : Unicode.Scalar(0x2800 + bits) ?? " ")
      }
      return String(text)
    }
  }
}
