import Vocabulary

/// Whether bytes are UTF-8, and a text of the grammar of RFC 8259 that is not too deep.
func isJSON(_ bytes: [UInt8]) -> Bool {
  guard let text = String(validating: bytes, as: UTF8.self) else { return false }
  var grammar = Grammar(rest: Array(text.unicodeScalars)[...])
  return grammar.space() && grammar.value(depth: 0) && grammar.space() && grammar.rest.isEmpty
}

/// The grammar, rule by rule; each takes what it describes, and says whether it was there.
struct Grammar {
  var rest: ArraySlice<Unicode.Scalar>

  /// `ws`, RFC 8259 §2.
  mutating func space() -> Bool {
    rest = rest.drop { " \t\n\r".unicodeScalars.contains($0) }
    return true
  }

  /// `value`, §3.
  mutating func value(depth: Int) -> Bool {
    switch rest.first {
    case "{":
      list("}", depth) { grammar in
        grammar.string() && grammar.space() && grammar.take(":") && grammar.space()
          && grammar.value(depth: depth + 1)
      }
    case "[": list("]", depth) { $0.value(depth: depth + 1) }
    case "\"": string()
    case "t": take("true")
    case "f": take("false")
    case "n": take("null")
    default: number()
    }
  }

  /// `object` and `array`, §4 and §5.
  private mutating func list(
    _ end: String, _ depth: Int, _ element: (inout Grammar) -> Bool
  ) -> Bool {
    rest.removeFirst()
    guard depth < JSONText.maximumDepth, space() else { return false }
    if take(end) { return true }
    while element(&self), space() {
      if take(end) { return true }
      guard take(","), space() else { return false }
    }
    return false
  }

  /// `number`, §6.
  private mutating func number() -> Bool {
    _ = take("-")
    if !take("0"), !digits() { return false }
    if take("."), !digits() { return false }
    guard take("e") || take("E") else { return true }
    _ = take("+") || take("-")
    return digits()
  }

  private mutating func digits() -> Bool {
    let count = rest.prefix { ("0"..."9").contains($0) }.count
    rest = rest.dropFirst(count)
    return count > 0
  }

  /// `string`, §7.
  private mutating func string() -> Bool {
    guard take("\"") else { return false }
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\"": return true
      case "\\":
        guard let escape = rest.popFirst() else { return false }
        if "\"\\/bfnrt".unicodeScalars.contains(escape) { continue }
        guard escape == "u", rest.count >= 4,
          rest.prefix(4).allSatisfy({ $0.isASCII && $0.properties.isASCIIHexDigit })
        else { return false }
        rest = rest.dropFirst(4)
      default: guard scalar.value >= 0x20 else { return false }
      }
    }
    return false
  }

  private mutating func take(_ word: String) -> Bool {
    guard rest.starts(with: word.unicodeScalars) else { return false }
    rest = rest.dropFirst(word.unicodeScalars.count)
    return true
  }
}
