import Dashboard

/// The widths of a table's columns on a terminal.
///
/// Where there is no room, texts are cut down to their least widths, then columns give way by their
/// turns, as on the console; what is left over goes to the texts that are cut.
struct TableLayout: Equatable {
  /// The blanks between two columns.
  private static let gap = 2
  /// The widest that a text is shown where the terminal's width is not known.
  private static let widestUnasked = 48

  private let columns: [Table.Column]
  /// The widths; nil for a column that gave way.
  private(set) var widths: [Int?]

  /// The layout with all columns as wide as their widest value.
  init(_ columns: [Table.Column], of lines: [[String]]) {
    self.columns = columns
    var widths = Array(repeating: 0, count: columns.count)
    for line in lines {
      for (index, text) in line.enumerated() where index < widths.count {
        widths[index] = max(widths[index], DisplayWidth.of(text))
      }
    }
    self.widths = widths
  }

  /// Makes the columns fit into so many of the terminal's; nil: that is not known.
  mutating func fit(into room: Int?) {
    let wanted = widths
    for index in widths.indices {
      widths[index] = wanted[index].map { least(index, $0) }
    }
    guard let room else {
      for index in widths.indices where columns[index].cut != .never {
        widths[index] = wanted[index].map { min($0, max(Self.widestUnasked, columns[index].least)) }
      }
      return
    }
    while width > room, let group = nextToLeave {
      for index in group { widths[index] = nil }
    }
    // The first column that needs the least comes first, so that as many as can be are whole.
    var spare = room - width
    let cut = widths.indices.filter { widths[$0] != nil && (wanted[$0] ?? 0) > (widths[$0] ?? 0) }
    let needs = cut.map { (index: $0, count: (wanted[$0] ?? 0) - (widths[$0] ?? 0)) }
      .sorted { ($0.count, $0.index) < ($1.count, $1.index) }
    for (place, need) in needs.enumerated() where spare > 0 {
      let share = min(need.count, spare / (needs.count - place))
      widths[need.index] = (widths[need.index] ?? 0) + share
      spare -= share
    }
  }

  /// A line of the table, without blanks at its end.
  func line(_ texts: [String], as form: OutputForm) -> String {
    var cells: [String] = []
    for (index, text) in texts.enumerated() where index < columns.count {
      guard let width = widths[index] else { continue }
      let column = columns[index]
      let shown = Self.cut(text, to: width, column.cut, as: form)
      let padding = String(repeating: " ", count: max(0, width - DisplayWidth.of(shown)))
      cells.append(column.isRightAligned ? padding + shown : shown + padding)
    }
    return cells.joined(separator: String(repeating: " ", count: Self.gap)).trimmedAtEnd
  }

  private var width: Int {
    let shown = widths.compactMap(\.self)
    return shown.reduce(0, +) + max(0, shown.count - 1) * Self.gap
  }

  private func least(_ index: Int, _ wanted: Int) -> Int {
    let column = columns[index]
    guard column.cut != .never else { return wanted }
    return min(wanted, max(column.least, DisplayWidth.of(column.title)))
  }

  /// The columns that give way next; nil if only the first is left.
  private var nextToLeave: [Int]? {
    let shown = widths.indices.dropFirst().filter { widths[$0] != nil }
    let others = shown.filter { !columns[$0].isKept }
    let left = others.isEmpty ? shown : others
    guard let turn = left.compactMap({ columns[$0].turn }).min() else {
      return left.last.map { [$0] }
    }
    return left.filter { columns[$0].turn == turn }
  }

  private static func cut(
    _ text: String, to width: Int, _ cut: Table.Column.Cut, as form: OutputForm
  ) -> String {
    guard DisplayWidth.of(text) > width else { return text }
    let shown =
      switch cut {
      case .never: text
      case .end: DisplayWidth.fitted(text, to: width)
      case .middle: DisplayWidth.fittedInMiddle(text, to: width)
      }
    // A terminal without UTF-8 has one column for the ellipsis, and not three.
    guard case .terminal(isUTF8: false, _) = form else { return shown }
    return shown.replacing("…", with: "~")
  }
}
