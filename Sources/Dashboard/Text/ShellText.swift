/// Words of a command line, quoted so that a shell reads back exactly what was meant.
package enum ShellText {
  /// A command line from its words.
  package static func command(_ words: [String]) -> String {
    words.map(quoted).joined(separator: " ")
  }

  /// One word: bare if it needs no quotes, in `"…"` or `'…'` if that is enough, else in `$'…'`.
  package static func quoted(_ word: String) -> String {
    if !word.isEmpty, word.utf8.allSatisfy(isBare) { return word }
    if word.unicodeScalars.contains(where: isUnprintable) { return escaped(word) }
    if !word.contains(where: { "\"\\$`!".contains($0) }) { return "\"\(word)\"" }
    if !word.contains("'") { return "'\(word)'" }
    return "'"
      + word.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''") + "'"
  }

  private static func isBare(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-_./:=,+@%".utf8.contains(byte)
    }
  }

  private static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
    DisplayWidth.cellUse(of: scalar) == .replaced
  }

  private static func escaped(_ word: String) -> String {
    var result = "$'"
    for scalar in word.unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\\": result += "\\\\"
      case "'": result += "\\'"
      case let other where isUnprintable(other):
        for byte in String(Character(other)).utf8 {
          result += "\\x" + HexBytes.text([byte])
        }
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "'"
  }
}
