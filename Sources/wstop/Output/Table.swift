/// Rows of values, shown in columns on a terminal and separated by tabs elsewhere.
///
/// Each value has two forms: a readable one for people and a plain one for programs.
struct Table: Equatable {
  /// A column of a table.
  struct Column: Equatable {
    var title: String
    var isRightAligned: Bool

    static func left(_ title: String) -> Column { Column(title: title, isRightAligned: false) }
    static func right(_ title: String) -> Column { Column(title: title, isRightAligned: true) }
  }

  /// A value of a table.
  struct Cell: Equatable {
    /// The form for people; nil: the value is for programs only.
    var readable: String?
    /// The form for programs.
    var plain: String

    init(_ readable: String?, plain: String) {
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
  /// Whether a terminal gets the titles.
  var hasTitles = true
  var rows: [[Cell]] = []

  /// The lines of the table; without a terminal there are no titles, so that a program reads values
  /// alone.
  func text(as form: OutputForm) -> String {
    guard form != .plain else {
      return rows.map { row in row.map(\.plain).joined(separator: "\t") + "\n" }.joined()
    }
    let titles = hasTitles ? [columns.map(\.title)] : []
    let lines = titles + rows.map { row in row.compactMap(\.readable).map(form.shown) }
    var widths = Array(repeating: 0, count: columns.count)
    for line in lines {
      for (index, text) in line.enumerated() where index < widths.count {
        widths[index] = max(widths[index], text.count)
      }
    }
    return lines.map { line in
      zip(zip(line, widths), columns).map { cell, column in
        let padding = String(repeating: " ", count: cell.1 - cell.0.count)
        return column.isRightAligned ? padding + cell.0 : cell.0 + padding
      }
      .joined(separator: "  ").trimmedAtEnd + "\n"
    }.joined()
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
