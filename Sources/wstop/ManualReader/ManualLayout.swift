import Dashboard

/// A layout of a document for a terminal or page so many columns wide.
struct ManualLayout {
  /// A line of the page.
  struct Line: Equatable {
    var text: String
    var isHeading = false
  }

  /// The columns of the page; code may be wider.
  let columns: Int

  /// The narrowest page that text is broken for, in columns.
  static let minimumColumns = 20
  /// The widest page, in columns: longer lines are hard to read.
  static let maximumColumns = 100

  /// The margin of the text.
  private static let indent = "  "
  private static let codeIndent = "    "
  /// The gap between two columns of a table.
  private static let gap = "  "
  /// The longest word that a column is widened for.
  private static let maximumMinimum = 28

  /// A layout for a page that has at least 20 and at most 100 columns.
  init(columns: Int) {
    self.columns = min(max(columns, Self.minimumColumns), Self.maximumColumns)
  }

  /// The lines of a document, with a blank line between blocks.
  func lines(of document: MarkdownDocument) -> [Line] {
    var lines: [Line] = []
    var last: MarkdownDocument.Block?
    for block in document.blocks {
      if let last, !(last.isItem && block.isItem) { lines.append(Line(text: "")) }
      last = block
      switch block {
      case .heading(let level, let runs):
        lines.append(
          Line(text: level == 1 ? runs.bareText.uppercased() : runs.bareText, isHeading: true))
      case .paragraph(let runs):
        lines += wrapped(runs.text, first: Self.indent, rest: Self.indent)
      case .item(let runs):
        lines += wrapped(runs.text, first: Self.indent + "- ", rest: Self.indent + "  ")
      case .code(let code):
        lines += code.map { Line(text: (Self.codeIndent + $0).trimmedAtEnd) }
      case .table(let titles, let rows):
        lines += table(titles: titles.map(\.bareText), rows: rows.map { $0.map(\.bareText) })
      }
    }
    return lines
  }

  private func wrapped(_ text: String, first: String, rest: String) -> [Line] {
    let pieces = Self.broken(text, columns: max(1, columns - DisplayWidth.of(rest)))
    return pieces.enumerated().map { index, piece in
      Line(text: (index == 0 ? first : rest) + piece)
    }
  }

  /// The text in lines of at most so many columns, broken between words, and within words that are
  /// wider than a line.
  static func broken(_ text: String, columns: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      var word = String(word)
      if !line.isEmpty, DisplayWidth.of(line) + 1 + DisplayWidth.of(word) <= columns {
        line += " " + word
        continue
      }
      if !line.isEmpty { lines.append(line) }
      while DisplayWidth.of(word) > columns {
        let head = Self.head(of: word, columns: columns)
        lines.append(head)
        word.removeFirst(head.count)
      }
      line = word
    }
    return lines + (line.isEmpty && !lines.isEmpty ? [] : [line])
  }

  /// The characters of a word that fit, at least one.
  private static func head(of word: String, columns: Int) -> String {
    var head = ""
    for character in word {
      guard head.isEmpty || DisplayWidth.of(head + String(character)) <= columns else { break }
      head.append(character)
    }
    return head
  }

  // MARK: Tables

  /// A table in columns if its words fit into them, else as records.
  private func table(titles: [String], rows: [[String]]) -> [Line] {
    let hasTitles = titles.contains { !$0.isEmpty }
    let all = (hasTitles ? [titles] : []) + rows
    let available =
      columns - DisplayWidth.of(Self.indent)
      - DisplayWidth.of(Self.gap) * (titles.count - 1)
    guard let widths = Self.widths(of: all, count: titles.count, available: available) else {
      return records(titles: titles, rows: rows)
    }
    return all.enumerated().flatMap { index, row in
      cells(row, widths).map { Line(text: $0, isHeading: hasTitles && index == 0) }
    }
  }

  /// The lines of one row.
  private func cells(_ row: [String], _ widths: [Int]) -> [String] {
    let pieces = zip(row, widths).map { Self.broken($0, columns: $1) }
    return (0..<(pieces.map(\.count).max() ?? 0)).map { index in
      let parts = zip(pieces, widths).map { piece, width in
        let text = index < piece.count ? piece[index] : ""
        return text + String(repeating: " ", count: max(0, width - DisplayWidth.of(text)))
      }
      return (Self.indent + parts.joined(separator: Self.gap)).trimmedAtEnd
    }
  }

  /// The widths of the columns; nil if a word would have to be broken.
  private static func widths(of rows: [[String]], count: Int, available: Int) -> [Int]? {
    func widest(_ column: Int, _ width: (String) -> Int) -> Int {
      rows.map { width($0[column]) }.max() ?? 0
    }
    let least = (0..<count).map { column in
      widest(column) { text in
        min(
          text.split(separator: " ").map { DisplayWidth.of(String($0)) }.max() ?? 0, maximumMinimum)
      }
    }
    var widths = (0..<count).map { widest($0, DisplayWidth.of) }
    guard least.reduce(0, +) <= available else { return nil }
    while widths.reduce(0, +) > available {
      // `candidates` are the columns that can become narrower without breaking a word.
      let candidates = widths.indices.filter { widths[$0] > least[$0] }
      guard let index = candidates.max(by: { widths[$0] < widths[$1] }) else { return nil }
      widths[index] -= 1
    }
    return widths
  }

  /// The rows as records: the first cell, and below it the others.
  private func records(titles: [String], rows: [[String]]) -> [Line] {
    rows.flatMap { row in
      wrapped(row[0], first: Self.indent, rest: Self.indent)
        + wrapped(
          MarkdownDocument.record(titles: titles, row: row), first: Self.codeIndent,
          rest: Self.codeIndent)
    }
  }
}

extension MarkdownDocument {
  /// The cells of a row behind the first one: those of columns without a title first, then the
  /// others, each behind its title; a dash is left out.
  static func record(titles: [String], row: [String]) -> String {
    let cells = zip(titles, row).dropFirst().filter { !$1.isEmpty && $1 != "–" }
    let named = cells.filter { !$0.0.isEmpty }.map { "\($0): \($1)" }
    return (cells.filter(\.0.isEmpty).map(\.1) + named).joined(separator: "; ")
  }
}

extension MarkdownDocument.Block {
  fileprivate var isItem: Bool {
    if case .item = self { true } else { false }
  }
}
