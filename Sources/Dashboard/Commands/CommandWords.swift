/// The words of a command line, read as a POSIX shell reads them, without its expansions.
///
/// Quotes are `'…'`, `"…"` and `$'…'`, and `\` takes the next character as it is. Unlike in a shell
/// a quote that is still open ends with the line, so that what is being typed has words too.
package struct CommandWords: Equatable, Sendable {
  /// A word, and where it stands.
  package struct Word: Equatable, Sendable {
    /// What it says.
    package var text: String
    /// The index of its first character in the line, quotes included.
    package var start: Int
  }

  /// The words.
  package private(set) var words: [Word] = []
  /// Whether the line ends inside of the last word.
  package private(set) var isInsideWord = false

  /// The words of a line.
  package init(_ line: String) {
    var reader = Reader(Array(line))
    while let word = reader.next() { words.append(word) }
    isInsideWord = reader.endsInsideWord
  }

  /// What the words say.
  package var texts: [String] { words.map(\.text) }

  private struct Reader {
    let characters: [Character]
    var cursor = 0
    var endsInsideWord = false

    init(_ characters: [Character]) {
      self.characters = characters
    }

    var current: Character? { cursor < characters.count ? characters[cursor] : nil }

    mutating func next() -> Word? {
      while let character = current, character.isWhitespace { cursor += 1 }
      guard current != nil else { return nil }
      var word = Word(text: "", start: cursor)
      endsInsideWord = true
      while let character = current {
        if character.isWhitespace {
          endsInsideWord = false
          break
        }
        cursor += 1
        switch character {
        case "'": takeQuoted(by: "'", into: &word.text, escapes: false)
        case "\"": takeQuoted(by: "\"", into: &word.text, escapes: true)
        case "$" where current == "'":
          cursor += 1
          takeEscaped(into: &word.text)
        case "\\":
          if let next = current {
            word.text.append(next)
            cursor += 1
          }
        default: word.text.append(character)
        }
      }
      return word
    }

    private mutating func takeQuoted(
      by quote: Character, into text: inout String, escapes: Bool
    ) {
      while let character = current {
        cursor += 1
        if character == quote { return }
        if escapes, character == "\\", let next = current, "\"\\$`".contains(next) {
          cursor += 1
          text.append(next)
        } else {
          text.append(character)
        }
      }
    }

    /// Takes `$'…'`, in which the console itself shows what a terminal must not be shown.
    private mutating func takeEscaped(into text: inout String) {
      var bytes: [UInt8] = []
      defer { text += String(decoding: bytes, as: UTF8.self) }
      while let character = current {
        cursor += 1
        if character == "'" { return }
        guard character == "\\", let next = current else {
          bytes += String(character).utf8
          continue
        }
        cursor += 1
        switch next {
        case "n": bytes.append(0x0A)
        case "t": bytes.append(0x09)
        case "r": bytes.append(0x0D)
        case "x":
          let digits = characters[cursor...].prefix(2).prefix { $0.isASCII && $0.isHexDigit }
          cursor += digits.count
          if let byte = UInt8(String(digits), radix: 16) { bytes.append(byte) }
        default: bytes += String(next).utf8
        }
      }
    }
  }
}
