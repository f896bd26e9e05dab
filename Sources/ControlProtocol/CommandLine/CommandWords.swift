/// The words of a command line, parsed as by a POSIX shell, without expansions.
///
/// Quotes are `'…'`, `"…"` and `$'…'`, and `\` takes the next scalar as it is. Unlike in a shell an
/// open quote ends with the line, so that an unfinished line has words too.
package struct CommandWords: Equatable, Sendable {
  /// A word with its place.
  package struct Word: Equatable, Sendable {
    /// The text, without quotes.
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
    var reader = Reader(line)
    while let word = reader.next() { words.append(word) }
    isInsideWord = reader.endsInsideWord
  }

  /// The texts of the words.
  package var texts: [String] { words.map(\.text) }

  /// A reader of scalars, not characters: a quote followed by a combining mark is a quote.
  private struct Reader {
    private let scalars: [Unicode.Scalar]
    /// The index of the character that each scalar is a part of.
    private let characters: [Int]
    private var cursor = 0
    private(set) var endsInsideWord = false

    init(_ line: String) {
      scalars = Array(line.unicodeScalars)
      characters = line.enumerated().flatMap { index, character in
        character.unicodeScalars.map { _ in index }
      }
    }

    private var current: Unicode.Scalar? { cursor < scalars.count ? scalars[cursor] : nil }

    mutating func next() -> Word? {
      while let scalar = current, scalar.properties.isWhitespace { cursor += 1 }
      guard current != nil else { return nil }
      let start = characters[cursor]
      var text = String.UnicodeScalarView()
      endsInsideWord = true
      while let scalar = current {
        if scalar.properties.isWhitespace {
          endsInsideWord = false
          break
        }
        cursor += 1
        switch scalar {
        case "'": takeQuoted(by: "'", into: &text, escapes: false)
        case "\"": takeQuoted(by: "\"", into: &text, escapes: true)
        case "$" where current == "'":
          cursor += 1
          takeEscaped(into: &text)
        case "\\":
          if let next = current {
            text.append(next)
            cursor += 1
          }
        default: text.append(scalar)
        }
      }
      return Word(text: String(text), start: start)
    }

    private mutating func takeQuoted(
      by quote: Unicode.Scalar, into text: inout String.UnicodeScalarView, escapes: Bool
    ) {
      while let scalar = current {
        cursor += 1
        if scalar == quote { return }
        if escapes, scalar == "\\", let next = current, ["\"", "\\", "$", "`"].contains(next) {
          cursor += 1
          text.append(next)
        } else {
          text.append(scalar)
        }
      }
    }

    /// Takes `$'…'`, the form in which the console shows text that is not safe for a terminal.
    private mutating func takeEscaped(into text: inout String.UnicodeScalarView) {
      var bytes: [UInt8] = []
      defer { text += String(decoding: bytes, as: UTF8.self).unicodeScalars }
      while let scalar = current {
        cursor += 1
        if scalar == "'" { return }
        guard scalar == "\\", let next = current else {
          bytes += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
          continue
        }
        cursor += 1
        switch next {
        case "n": bytes.append(0x0A)
        case "t": bytes.append(0x09)
        case "r": bytes.append(0x0D)
        case "x": bytes += takeByte()
        default: bytes += UTF8.encode(next) ?? UTF8.encodedReplacementCharacter
        }
      }
    }

    /// Takes the one or two hexadecimal digits of a byte; returns nothing if there are none.
    private mutating func takeByte() -> [UInt8] {
      var value: UInt8?
      for _ in 0..<2 {
        guard let scalar = current, scalar.isASCII, let digit = Character(scalar).hexDigitValue
        else { break }
        cursor += 1
        value = (value ?? 0) << 4 | UInt8(digit)
      }
      return value.map { [$0] } ?? []
    }
  }
}
