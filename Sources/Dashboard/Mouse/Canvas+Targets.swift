extension Canvas {
  /// The most targets of a canvas; a click beyond them does nothing.
  static let maximumTargetCount = 2000

  /// Part of a row that can be clicked.
  struct Region: Equatable, Sendable {
    var row: Int
    var columns: Range<Int>
    var target: Target
  }

  /// Adds a target for part of a row, above earlier ones.
  mutating func add(_ target: Target, row: Int, columns: Range<Int>) {
    guard (0..<rows).contains(row), regions.count < Self.maximumTargetCount else { return }
    let visible = columns.clamped(to: 0..<self.columns)
    guard !visible.isEmpty else { return }
    regions.append(Region(row: row, columns: visible, target: target))
  }

  /// Removes all targets, which are covered.
  mutating func removeTargets() { regions = [] }

  /// Removes the targets in part of some rows.
  mutating func removeTargets(rows: Range<Int>, columns: Range<Int>) {
    regions.removeAll { rows.contains($0.row) && $0.columns.overlaps(columns) }
  }

  /// Blanks a row and removes its targets.
  mutating func cover(row: Int) {
    fill(row: row, columns: 0..<columns)
    removeTargets(rows: row..<(row + 1), columns: 0..<columns)
  }

  /// The topmost target at a place, or nil.
  package func target(row: Int, column: Int) -> Target? {
    regions.last { $0.row == row && $0.columns.contains(column) }?.target
  }
}
