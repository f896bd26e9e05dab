/// Rows of values, shown in columns on a terminal and separated by tabs elsewhere.
///
/// Each value has two forms: a readable one for people and a plain one for programs.
struct Table: Equatable {
  /// A column of a table.
  struct Column: Equatable {
    /// Where a value loses what there is no room for.
    enum Cut: Equatable {
      /// Nowhere: a number that is cut is another one.
      case never
      /// At the end, as texts do.
      case end
      /// In the middle, as addresses do: both ends tell them apart.
      case middle
    }

    var title: String
    var isRightAligned: Bool
    /// Where its values are cut.
    var cut = Cut.never
    /// The fewest columns of the terminal that a value is cut to.
    var least = 12
    /// Its turn to give way where there is no room, the least first; nil: after those that have one.
    ///
    /// Without turns the rightmost goes first; the first column stays.
    var turn: Int?
    /// Whether it goes after all others, as the one that the table is sorted by.
    var isKept = false

    /// A column of texts.
    static func left(_ title: String, turn: Int? = nil) -> Column {
      Column(title: title, isRightAligned: false, cut: .end, turn: turn)
    }

    /// A column of short texts that are never cut.
    static func fixed(_ title: String, turn: Int? = nil) -> Column {
      Column(title: title, isRightAligned: false, turn: turn)
    }

    /// A column of numbers.
    static func right(_ title: String, turn: Int? = nil) -> Column {
      Column(title: title, isRightAligned: true, turn: turn)
    }

    /// The column, kept after all others if that is wanted.
    func kept(if isKept: Bool) -> Column {
      var column = self
      column.isKept = column.isKept || isKept
      return column
    }

    /// A column of addresses with ports, of which those of version 4 are never cut.
    static func address(_ title: String, turn: Int? = nil) -> Column {
      Column(title: title, isRightAligned: false, cut: .middle, least: 21, turn: turn)
    }
  }

  /// A value of a table.
  struct Cell: Equatable {
    /// The form for people; nil: the value is for programs only.
    var readable: String?
    /// The form for programs; nil: the value is for people only.
    var plain: String?

    init(_ readable: String?, plain: String?) {
      self.readable = readable
      self.plain = plain
    }

    /// A value with one form for both.
    init(_ text: String) {
      self.init(text, plain: text)
    }
  }

  /// The columns on a terminal: one for each readable value of a row.
  var columns: [Column]
  /// The names of all values of a row, the plain-only ones included; nil: the columns' titles.
  var names: [String]?
  /// The names of moments in seconds since 1970, beside which CSV has the time by ISO 8601.
  var times: Set<String> = []
  /// Whether a terminal gets the titles.
  var hasTitles = true
  var rows: [[Cell]] = []

  /// The lines of the table; without a terminal there are no titles, so that a program reads values
  /// alone.
  func text(as form: OutputForm) -> String {
    guard form != .plain else {
      return rows.map { row in row.compactMap(\.plain).joined(separator: "\t") + "\n" }.joined()
    }
    let (layout, lines) = layout(as: form)
    return lines.map { layout.line($0, as: form) + "\n" }.joined()
  }

  /// The titles of the columns for which a terminal has no room.
  func titlesWithoutRoom(as form: OutputForm) -> [String] {
    zip(columns, layout(as: form).layout.widths).filter { $1 == nil }.map(\.0.title)
  }

  private func layout(as form: OutputForm) -> (layout: TableLayout, lines: [[String]]) {
    let titles = hasTitles ? [columns.map(\.title)] : []
    let lines = titles + rows.map { row in row.compactMap(\.readable).map(form.shown) }
    var layout = TableLayout(columns, of: lines)
    if hasTitles { layout.fit(into: form.columns) }
    return (layout, lines)
  }
}

extension String {
  /// The text without trailing spaces.
  var trimmedAtEnd: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
