/// Checks that a text is JSON (RFC 8259), and says where it is not.
///
/// Written here because the decoder of `ControlJSON` reads values it knows, and its errors are not
/// for a person who typed the text.
public struct JSONText {
  /// What is wrong, and where.
  public struct Fault: Error, Equatable, Sendable, CustomStringConvertible {
    /// The column from 1, counted in characters of Unicode over the whole text.
    public var column: Int
    /// What was expected there.
    public var expectation: String

    /// The sentence for a person.
    public var description: String { "no JSON at column \(column): \(expectation)" }
  }

  /// How deep arrays and objects may lie in each other.
  public static let maximumDepth = 512

  private let bytes: [UInt8]
  private var cursor = 0

  private init(_ text: String) {
    bytes = Array(text.utf8)
  }

  /// Checks a text.
  ///
  /// - Throws: `Fault` for the first thing that is wrong.
  public static func check(_ text: String) throws(Fault) {
    var reader = JSONText(text)
    reader.skipSpace()
    try reader.value(depth: 0)
    reader.skipSpace()
    guard reader.current == nil else { throw reader.fault("nothing may follow the value") }
  }

  // MARK: Values

  private mutating func value(depth: Int) throws(Fault) {
    guard depth <= Self.maximumDepth else { throw fault("it is nested too deep") }
    switch current {
    case UInt8(ascii: "{"):
      try list(until: UInt8(ascii: "}")) { (reader) throws(Fault) in
        guard reader.current == UInt8(ascii: "\"") else {
          throw reader.fault("a name in double quotes is wanted")
        }
        try reader.string()
        reader.skipSpace()
        guard reader.take(UInt8(ascii: ":")) else { throw reader.fault("a : is wanted") }
        reader.skipSpace()
        try reader.value(depth: depth + 1)
      }
    case UInt8(ascii: "["):
      try list(until: UInt8(ascii: "]")) { (reader) throws(Fault) in
        try reader.value(depth: depth + 1)
      }
    case UInt8(ascii: "\""): try string()
    case UInt8(ascii: "t"): try word("true")
    case UInt8(ascii: "f"): try word("false")
    case UInt8(ascii: "n"): try word("null")
    case let byte? where byte == UInt8(ascii: "-") || (48...57).contains(byte): try number()
    default: throw fault("a value is wanted")
    }
  }

  private mutating func list(
    until end: UInt8, _ element: (inout JSONText) throws(Fault) -> Void
  ) throws(Fault) {
    cursor += 1
    skipSpace()
    if take(end) { return }
    while true {
      try element(&self)
      skipSpace()
      if take(end) { return }
      guard take(UInt8(ascii: ",")) else {
        throw fault("a , or a \(Character(Unicode.Scalar(end))) is wanted")
      }
      skipSpace()
    }
  }

  private mutating func string() throws(Fault) {
    let start = cursor
    cursor += 1
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""):
        cursor += 1
        return
      case UInt8(ascii: "\\"): try escape()
      case 0..<0x20: throw fault("a control character has to be escaped")
      default: cursor += 1
      }
    }
    throw fault("the text that begins here has no end", at: start)
  }

  private mutating func escape() throws(Fault) {
    let start = cursor
    cursor += 1
    guard let byte = current else { return }
    cursor += 1
    if "\"\\/bfnrt".utf8.contains(byte) { return }
    guard byte == UInt8(ascii: "u") else { throw fault("there is no such escape", at: start) }
    for _ in 0..<4 {
      guard let digit = current, Self.isHexadecimal(digit) else {
        throw fault("\\u wants four hexadecimal digits", at: start)
      }
      cursor += 1
    }
  }

  private mutating func number() throws(Fault) {
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { try digits() }
    if take(UInt8(ascii: ".")) { try digits() }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try digits()
    }
  }

  private mutating func digits() throws(Fault) {
    let start = cursor
    while let byte = current, (48...57).contains(byte) { cursor += 1 }
    guard cursor > start else { throw fault("a digit is wanted") }
  }

  private mutating func word(_ word: StaticString) throws(Fault) {
    let start = cursor
    for byte in word.description.utf8 {
      guard take(byte) else { throw fault("a value is wanted", at: start) }
    }
  }

  // MARK: Bytes

  private var current: UInt8? { cursor < bytes.count ? bytes[cursor] : nil }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard current == byte else { return false }
    cursor += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = current, " \t\n\r".utf8.contains(byte) { cursor += 1 }
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }

  private func fault(_ expectation: String, at offset: Int? = nil) -> Fault {
    // Continuation bytes of UTF-8 begin no scalar.
    let before = bytes.prefix(offset ?? cursor).count { $0 & 0xC0 != 0x80 }
    return Fault(column: before + 1, expectation: expectation)
  }
}
