/// The commands of a text of shell, as far as documentation has it: quotes, comments, pipes, lists,
/// redirections, here-documents, and commands inside `$(…)`.
struct ShellText {
  /// The words of each command, without redirections.
  private(set) var commands: [[String]] = []

  private let characters: [Character]
  private var cursor = 0
  private var words: [String] = []
  private var word: String?
  /// Whether the next word is the file of a redirection.
  private var isRedirected = false
  /// What ends the here-document that begins on the next line.
  private var documentEnd: String?
  private var wantsDocumentEnd = false

  init(_ text: String) {
    characters = Array(text)
    while cursor < characters.count { take() }
    endCommand()
  }

  /// What follows `wstop` in the commands that are its own.
  var ownCommands: [[String]] {
    commands.compactMap { command in
      let words = Array(command.drop { $0.contains("=") && !$0.hasPrefix("-") })
      if words.starts(with: ["swift", "run"]), let index = words.firstIndex(of: "wstop") {
        return Array(words[(index + 1)...])
      }
      guard words.first?.split(separator: "/").last == "wstop" else { return nil }
      return Array(words.dropFirst())
    }
  }

  private mutating func take() {
    let character = characters[cursor]
    cursor += 1
    let next = cursor < characters.count ? characters[cursor] : nil
    switch character {
    case "#" where word == nil:
      while cursor < characters.count, characters[cursor] != "\n" { cursor += 1 }
    case "\\":
      if let next, next != "\n" { append(next) }
      cursor += 1
    case "'":
      append("")
      while cursor < characters.count, characters[cursor] != "'" {
        append(characters[cursor])
        cursor += 1
      }
      cursor += 1
    case "\"": takeQuoted()
    case "$" where next == "(": takeSubstitution()
    case "\n":
      endCommand()
      skipDocument()
    case ";", "|", "&":
      endCommand()
    case ">", "<":
      endWord()
      wantsDocumentEnd = character == "<" && next == "<"
      if next == character { cursor += 1 }
      isRedirected = true
    case " ", "\t": endWord()
    default: append(character)
    }
  }

  private mutating func takeQuoted() {
    append("")
    while cursor < characters.count, characters[cursor] != "\"" {
      let character = characters[cursor]
      cursor += 1
      if character == "$", cursor < characters.count, characters[cursor] == "(" {
        takeSubstitution()
      } else if character == "\\", cursor < characters.count {
        append(characters[cursor])
        cursor += 1
      } else {
        append(character)
      }
    }
    cursor += 1
  }

  /// Takes `(…)` behind a dollar: its commands are commands too, and what they print is some word.
  private mutating func takeSubstitution() {
    cursor += 1
    var depth = 1
    var inner = ""
    while cursor < characters.count {
      let character = characters[cursor]
      cursor += 1
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if depth == 0 { break }
      inner.append(character)
    }
    commands += ShellText(inner).commands
    append("x")
  }

  private mutating func skipDocument() {
    guard let end = documentEnd else { return }
    documentEnd = nil
    var line = ""
    while cursor < characters.count {
      let character = characters[cursor]
      cursor += 1
      if character != "\n" {
        line.append(character)
      } else if line == end {
        return
      } else {
        line = ""
      }
    }
  }

  private mutating func append(_ text: some CustomStringConvertible) {
    word = (word ?? "") + text.description
  }

  private mutating func endWord() {
    guard let word else { return }
    self.word = nil
    if !isRedirected {
      words.append(word)
    } else if wantsDocumentEnd {
      documentEnd = word
    }
    isRedirected = false
  }

  private mutating func endCommand() {
    endWord()
    if !words.isEmpty { commands.append(words) }
    words = []
  }
}
