import Vocabulary

/// Words of a command line, quoted so that a shell reads back exactly what was meant.
///
/// What a terminal must not be shown stands as bytes in `$'…'`: the line is safe to draw as it is,
/// and still exact.
package enum ShellText {
  /// A command line from its words.
  package static func command(_ words: [String], asciiOnly: Bool = false) -> String {
    words.map { quoted($0, asciiOnly: asciiOnly) }.joined(separator: " ")
  }

  /// One word: bare if it needs no quotes, in `"…"` or `'…'` if that is enough, else in `$'…'`.
  package static func quoted(_ word: String, asciiOnly: Bool = false) -> String {
    if !word.isEmpty, word.utf8.allSatisfy(isBare) { return word }
    if word.unicodeScalars.contains(where: { !mayShow($0, asciiOnly: asciiOnly) }) {
      return escaped(word, asciiOnly: asciiOnly)
    }
    if !word.contains(where: { "\"\\$`!".contains($0) }) { return "\"\(word)\"" }
    let parts = word.split(separator: "'", omittingEmptySubsequences: false)
    return "'" + parts.joined(separator: "'\\''") + "'"
  }

  private static func isBare(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-_./:=,+@%".utf8.contains(byte)
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
