internal import Vocabulary

/// Words of a command line, quoted so that a shell parses exactly the same words.
///
/// Text that is not safe for a terminal is written as bytes in `$'…'`: the line is safe to draw as
/// it is, and still exact. `CommandWords` is the inverse.
package enum ShellText {
  /// A command line from its words.
  package static func command(_ words: [String], asciiOnly: Bool = false) -> String {
    words.map { quoted($0, asciiOnly: asciiOnly) }.joined(separator: " ")
  }

  /// One word: bare if it needs no quotes, in `"…"` or `'…'` if that is enough, else in `$'…'`.
  ///
  /// The word is read by scalars, since shells know no characters: a quote followed by a combining
  /// mark is a quote.
  package static func quoted(_ word: String, asciiOnly: Bool = false) -> String {
    if !word.isEmpty, word.utf8.allSatisfy(isBare) { return word }
    if word.unicodeScalars.contains(where: { !mayShow($0, asciiOnly: asciiOnly) }) {
      return escaped(word, asciiOnly: asciiOnly)
    }
    if !word.unicodeScalars.contains(where: meansMoreInQuotes) { return "\"\(word)\"" }
    var text = "'"
    for scalar in word.unicodeScalars {
      if scalar == "'" { text += "'\\''" } else { text.unicodeScalars.append(scalar) }
    }
    return text + "'"
  }

  private static func isBare(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-_./:=,+@%".utf8.contains(byte)
    }
  }

  /// Whether a scalar is special in `"…"`; `!` is so at a prompt with a history.
  private static func meansMoreInQuotes(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\"", "\\", "$", "`", "!": true
    default: false
    }
  }

  private static func mayShow(_ scalar: Unicode.Scalar, asciiOnly: Bool) -> Bool {
    if (0x20...0x7E).contains(scalar.value) { return true }
    let text = String(Character(scalar))
    return UntrustedText.escaped(text, asciiOnly: asciiOnly) == text
  }

  private static func escaped(_ word: String, asciiOnly: Bool) -> String {
    var result = "$'"
    for scalar in word.unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\\": result += "\\\\"
      case "'": result += "\\'"
      case let other where !mayShow(other, asciiOnly: asciiOnly):
        for byte in String(Character(other)).utf8 {
          result += "\\x" + HexBytes.text([byte])
        }
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "'"
  }
}
