extension Canvas {
  /// The most targets that a picture has; a click beyond them does nothing.
  static let maximumTargetCount = 2000

  /// Part of a row that can be clicked.
  struct Region: Equatable, Sendable {
    var row: Int
    var columns: Range<Int>
    var target: Target
  }

  /// Says that part of a row can be clicked; what was said of it before holds no more.
  mutating func add(_ target: Target, row: Int, columns: Range<Int>) {
    guard (0..<rows).contains(row), regions.count < Self.maximumTargetCount else { return }
    let visible = columns.clamped(to: 0..<self.columns)
    guard !visible.isEmpty else { return }
    regions.append(Region(row: row, columns: visible, target: target))
  }

  /// Takes away all that can be clicked, because something else is on top of it.
  mutating func removeTargets() { regions = [] }

  /// The same for part of some rows.
  mutating func removeTargets(rows: Range<Int>, columns: Range<Int>) {
    regions.removeAll { rows.contains($0.row) && $0.columns.overlaps(columns) }
  }

  /// Empties a row for something else, which cannot be clicked.
  mutating func cover(row: Int) {
    fill(row: row, columns: 0..<columns)
    removeTargets(rows: row..<(row + 1), columns: 0..<columns)
  }

  /// What a click at a place means; nil if it means nothing.
  package func target(row: Int, column: Int) -> Target? {
    regions.last { $0.row == row && $0.columns.contains(column) }?.target
  }
}
