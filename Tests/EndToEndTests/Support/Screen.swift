/// What a terminal shows.
struct Screen: CustomStringConvertible, Equatable {
  /// The lines from the top, without the blanks at their ends.
  var lines: [String]

  init(_ text: String) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
  }

  /// All of it.
  var text: String { lines.joined(separator: "\n") }

  var description: String { text }

  /// Whether the text is somewhere on it.
  func contains(_ text: String) -> Bool { lines.contains { $0.contains(text) } }

  /// Whether the expression matches somewhere on a line.
  func matches(_ expression: some RegexComponent) -> Bool {
    lines.contains { $0.contains(expression) }
  }

  /// The first line with the text.
  func line(with text: String) -> String? { lines.first { $0.contains(text) } }

  /// The lines with a cursor, of the table and of a dialog before it.
  var cursorLines: [String] { lines.filter { $0.contains("▸") } }

  /// What the table is sorted by.
  var sorting: Substring? {
    line(with: "sort ")?.firstMatch(of: #/sort [^▲▼]+[▲▼]/#)?.output
  }

  /// The lines of the session table: those with a session's ID behind the marks.
  var sessionLines: [String] {
    lines.filter { $0.contains(#/^.{0,4}s-[0-9a-z]+ /#) }
  }
}

extension String {
  /// In which column a text begins, counted in characters; nil if it is not there.
  func column(of text: String) -> Int? {
    firstRange(of: text).map { distance(from: startIndex, to: $0.lowerBound) }
  }
}
