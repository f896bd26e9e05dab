/// Text in the part of Markdown that the manual is written in: headings, paragraphs, lists of one
/// depth, code between fences, and tables.
///
/// Comments and pictures are left out. Of a link its text is kept, with the address behind it if it
/// leads out of the manual, and the command that shows it if it leads to another topic.
struct MarkdownDocument: Equatable {
  /// A stretch of text that looks the same.
  struct Run: Equatable {
    /// How the text looks.
    enum Style: Equatable {
      case plain, code, strong
    }

    var text: String
    var style = Style.plain
  }

  /// A piece of a document, one below the other.
  enum Block: Equatable {
    case heading(level: Int, [Run])
    case paragraph([Run])
    /// An item of a list.
    case item([Run])
    /// Lines that stand as they are.
    case code([String])
    /// A table: the titles of its columns, and its rows, each as long.
    case table(titles: [[Run]], rows: [[[Run]]])
  }

  /// The pieces, from top to bottom.
  var blocks: [Block] = []

  /// Reads a document; whatever is none of the things above is a paragraph.
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
        // The second line only says where the columns are.
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
  /// The text, with code between the marks that it has in Markdown.
  var text: String {
    map { $0.style == .code ? "`\($0.text)`" : $0.text }.joined()
  }

  /// The text without any marks.
  var bareText: String { map(\.text).joined() }
}

/// Reads what stands inside a line of Markdown.
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

  /// Takes what stands between two marks; the mark alone if there is no second one, nothing between
  /// them, or a space beside one that is no code's.
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

  /// Takes `[text](target)`; nil leaves everything where it is.
  private mutating func link() -> (text: Substring, target: Substring)? {
    guard rest.first == "[", let middle = rest.firstRange(of: "]("),
      let end = rest[middle.upperBound...].firstIndex(of: ")")
    else { return nil }
    let text = rest[rest.index(after: rest.startIndex)..<middle.lowerBound]
    let target = rest[middle.upperBound..<end]
    rest = rest[rest.index(after: end)...]
    return (text, target)
  }

  /// Takes the text of a link, and where it leads.
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
  /// Whether Markdown takes the character as it is behind a backslash.
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
