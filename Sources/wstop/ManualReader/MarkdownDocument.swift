/// A document in the part of Markdown that the manual is written in: headings, paragraphs, lists of
/// one depth, code between fences, and tables.
///
/// Comments and pictures are left out. A link keeps its text, followed by its address if it leads
/// out of the manual, and by the command that shows the topic if it leads to one.
struct MarkdownDocument: Equatable {
  /// A stretch of text in one style.
  struct Run: Equatable {
    /// The style of text.
    enum Style: Equatable {
      case plain, code, strong
    }

    var text: String
    var style = Style.plain
  }

  /// A block of a document.
  enum Block: Equatable {
    case heading(level: Int, [Run])
    case paragraph([Run])
    /// An item of a list.
    case item([Run])
    /// Lines of code, verbatim.
    case code([String])
    /// A table: the titles of its columns, and its rows, of the same length.
    case table(titles: [[Run]], rows: [[[Run]]])
  }

  /// The blocks, from top to bottom.
  var blocks: [Block] = []

  /// Parses a document; anything else is a paragraph.
  init(_ markdown: String) {
    var lines = markdown.split(separator: "\n", omittingEmptySubsequences: false)[...]
    while let line = lines.popFirst() {
      if line.isEmpty || line.hasPrefix("<!--") { continue }
      if line.hasPrefix("```") {
        let code = lines.prefix { !$0.hasPrefix("```") }
        lines = lines.dropFirst(code.count + 1)
        blocks.append(.code(code.map(String.init)))
      } else if line.first == "#" {
        let level = line.prefix { $0 == "#" }.count
        blocks.append(.heading(level: level, Self.runs(line.dropFirst(level).trimmed)))
      } else if line.first == "|" {
        let rest = lines.prefix { $0.first == "|" }
        lines = lines.dropFirst(rest.count)
        // The second line only separates the titles from the rows.
        blocks.append(Self.table(titles: line, rows: rest.dropFirst()))
      } else {
        let isItem = line.hasPrefix("- ")
        let rest = lines.prefix { isItem ? $0.hasPrefix("  ") : Self.continuesParagraph($0) }
        lines = lines.dropFirst(rest.count)
        let text = ([isItem ? line.dropFirst(2) : line] + rest).map(\.trimmed)
        let runs = Self.runs(text.joined(separator: " "))
        guard !runs.isEmpty else { continue }
        blocks.append(isItem ? .item(runs) : .paragraph(runs))
      }
    }
  }

  private static func continuesParagraph(_ line: Substring) -> Bool {
    !line.isEmpty && line.first != "#" && line.first != "|"
      && !["- ", "```", "<!--"].contains { line.hasPrefix($0) }
  }

  private static func table(titles: Substring, rows: ArraySlice<Substring>) -> Block {
    let titles = cells(titles)
    return .table(
      titles: titles,
      rows: rows.map { row in
        let found = cells(row)
        let missing = max(0, titles.count - found.count)
        return found.prefix(titles.count) + Array(repeating: [], count: missing)
      })
  }

  /// The cells of a line of a table; `\|` is no border.
  private static func cells(_ line: Substring) -> [[Run]] {
    var cells: [String] = []
    var cell = ""
    var isEscaped = false
    for character in line.dropFirst() {
      if character == "|", !isEscaped {
        cells.append(cell)
        cell = ""
      } else {
        if character == "|" { cell.removeLast() }
        cell.append(character)
      }
      isEscaped = character == "\\"
    }
    return cells.map { runs($0[...].trimmed) }
  }

  /// The runs of a text without line breaks.
  private static func runs(_ text: String) -> [Run] {
    var reader = InlineReader(rest: text[...])
    return reader.runs()
  }
}

extension [MarkdownDocument.Run] {
  /// The text, with code between backticks.
  var text: String {
    map { $0.style == .code ? "`\($0.text)`" : $0.text }.joined()
  }

  /// The text without any marks.
  var bareText: String { map(\.text).joined() }
}

/// A parser of the inline syntax of a line.
private struct InlineReader {
  var rest: Substring
  private var found: [MarkdownDocument.Run] = []
  private var plain = ""

  init(rest: Substring) {
    self.rest = rest
  }

  mutating func runs() -> [MarkdownDocument.Run] {
    while let character = rest.first {
      switch character {
      case "\\" where rest.dropFirst().first?.isPunctuationOfASCII == true:
        rest.removeFirst()
        plain.append(rest.removeFirst())
      case "`": take(between: "`", as: .code)
      case "*" where rest.hasPrefix("**"): take(between: "**", as: .strong)
      case "*": take(between: "*", as: .plain)
      case "!" where rest.hasPrefix("!["):
        let mark = rest.removeFirst()
        if link() == nil { plain.append(mark) }
      case "[":
        if let (text, target) = link() {
          take(link: text, to: target)
        } else {
          plain.append(rest.removeFirst())
        }
      default: plain.append(rest.removeFirst())
      }
    }
    flush()
    return found
  }

  /// Takes the text between two marks; the mark alone if there is no second one, nothing between
  /// them, or a space beside a mark other than code's.
  private mutating func take(between mark: String, as style: MarkdownDocument.Run.Style) {
    let inner = rest.dropFirst(mark.count)
    guard let end = inner.firstRange(of: mark), end.lowerBound > inner.startIndex,
      style == .code || inner.first != " " && inner[..<end.lowerBound].last != " "
    else {
      plain += mark
      rest = inner
      return
    }
    let text = String(inner[..<end.lowerBound])
    rest = inner[end.upperBound...]
    if style == .plain {
      plain += text
    } else {
      flush()
      found.append(MarkdownDocument.Run(text: text, style: style))
    }
  }

  /// Takes `[text](target)`; nil takes nothing.
  private mutating func link() -> (text: Substring, target: Substring)? {
    guard rest.first == "[", let middle = rest.firstRange(of: "]("),
      let end = rest[middle.upperBound...].firstIndex(of: ")")
    else { return nil }
    let text = rest[rest.index(after: rest.startIndex)..<middle.lowerBound]
    let target = rest[middle.upperBound..<end]
    rest = rest[rest.index(after: end)...]
    return (text, target)
  }

  /// Appends a link's text, and its target in words.
  private mutating func take(link text: Substring, to target: Substring) {
    let isTopic = target.hasSuffix(".md") && !target.contains("/")
    let topic = isTopic ? target.dropLast(".md".count) : ""
    let command = MarkdownDocument.Run(text: "wstop manual \(topic)", style: .code)
    guard topic != text else {
      flush()
      found.append(command)
      return
    }
    var inner = InlineReader(rest: text)
    flush()
    found += inner.runs()
    if isTopic {
      found += [MarkdownDocument.Run(text: " ("), command]
      plain = ")"
    } else if target.contains("://"), target != text {
      plain = " (\(target))"
    }
  }

  private mutating func flush() {
    guard !plain.isEmpty else { return }
    found.append(MarkdownDocument.Run(text: plain))
    plain = ""
  }
}

extension Character {
  /// Whether a backslash escapes the character.
  fileprivate var isPunctuationOfASCII: Bool {
    isASCII && (isPunctuation || isSymbol)
  }
}

extension Substring {
  fileprivate var trimmed: String {
    var text = drop { $0 == " " }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
