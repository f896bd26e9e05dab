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

  /// The lines with a dialog's cursor, without the table beside them, whose times go on.
  var cursorLines: [Substring] {
    lines.compactMap { $0.firstMatch(of: #/│[^│]*▸[^│]*│/#)?.output }
  }

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
  /// In which column of the terminal a text begins; nil if it is not there.
  func column(of text: String) -> Int? {
    firstRange(of: text).map { self[..<$0.lowerBound].reduce(0) { $0 + $1.columns } }
  }
}

extension Character {
  /// The columns that it takes: two for ideographs, kana and pictures, as in tmux.
  fileprivate var columns: Int {
    switch unicodeScalars.first?.value ?? 0 {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      2
    default: 1
    }
  }
}
