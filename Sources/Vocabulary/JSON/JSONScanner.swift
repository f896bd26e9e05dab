/// Goes over JSON (RFC 8259) value by value, without decoding and without recursion: open arrays
/// and objects are a list of the brackets that will close them.
///
/// The bytes are given to each call, and are the same each time; those inside of strings have been
/// checked for UTF-8.
package struct JSONScanner {
  /// The byte that is looked at next.
  package var cursor: Int
  private let maximumDepth: Int
  /// The closing bracket of each array and object that is open, the innermost last.
  private var closings: [UInt8] = []

  /// A scanner at a byte.
  package init(at cursor: Int = 0, maximumDepth: Int) {
    self.cursor = cursor
    self.maximumDepth = maximumDepth
  }

  // MARK: Values

  /// Goes over the value that begins here, with all that lies in it.
  ///
  /// - Throws: `Fault` for the first thing that is wrong.
  package mutating func value(_ bytes: Span<UInt8>) throws(JSONText.Fault) {
    let outside = closings.count
    repeat {
      guard try isWhole(bytes) else { continue }
      try endOfValue(bytes, outside: outside)
    } while closings.count > outside
  }

  /// Goes over a value that contains no other, or to the first value of a list, which is open then.
  private mutating func isWhole(_ bytes: Span<UInt8>) throws(JSONText.Fault) -> Bool {
    guard let byte = current(bytes) else { throw fault("a value is wanted", in: bytes) }
    switch byte {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard closings.count < maximumDepth else {
        throw fault("it is nested deeper than \(maximumDepth)", in: bytes)
      }
      // In ASCII a bracket is two places before the one that closes it.
      guard try !isEmptyList(bytes, until: byte + 2) else { return true }
      closings.append(byte + 2)
      if byte == UInt8(ascii: "{") { try name(bytes) }
      return false
    case UInt8(ascii: "\""): try string(bytes)
    case UInt8(ascii: "t"): try word("true", bytes)
    case UInt8(ascii: "f"): try word("false", bytes)
    case UInt8(ascii: "n"): try word("null", bytes)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number(bytes)
    default: throw fault("a value is wanted", in: bytes)
    }
    return true
  }

  private mutating func isEmptyList(
    _ bytes: Span<UInt8>, until closing: UInt8
  ) throws(JSONText.Fault) -> Bool {
    cursor += 1
    skipSpace(bytes)
    return take(closing, bytes)
  }

  /// Goes on behind a value: over the brackets that follow it, or to the next value of the list.
  private mutating func endOfValue(
    _ bytes: Span<UInt8>, outside: Int
  ) throws(JSONText.Fault) {
    while closings.count > outside, let closing = closings.last {
      skipSpace(bytes)
      if take(closing, bytes) {
        closings.removeLast()
        continue
      }
      guard take(UInt8(ascii: ","), bytes) else {
        throw fault("a , or a \(Character(Unicode.Scalar(closing))) is wanted", in: bytes)
      }
      skipSpace(bytes)
      if closing == UInt8(ascii: "}") { try name(bytes) }
      return
    }
  }

  /// Goes over the name of a member and the colon behind it.
  ///
  /// - Returns: where the name stands, its quotes included.
  @discardableResult
  private mutating func name(_ bytes: Span<UInt8>) throws(JSONText.Fault) -> Range<Int> {
    guard current(bytes) == UInt8(ascii: "\"") else {
      throw fault("a name in double quotes is wanted", in: bytes)
    }
    let start = cursor
    try string(bytes)
    let end = cursor
    skipSpace(bytes)
    guard take(UInt8(ascii: ":"), bytes) else { throw fault("a : is wanted", in: bytes) }
    skipSpace(bytes)
    return start..<end
  }

  // MARK: Lists

  /// Goes over the array that begins here.
  ///
  /// - Parameter body: is told where each element stands.
  package mutating func array(
    _ bytes: Span<UInt8>, _ body: (Range<Int>) -> Void
  ) throws(JSONText.Fault) {
    try list(bytes, until: UInt8(ascii: "]")) { (scanner) throws(JSONText.Fault) in
      let start = scanner.cursor
      try scanner.value(bytes)
      body(start..<scanner.cursor)
    }
  }

  /// Goes over the object that begins here.
  ///
  /// - Parameter body: is told where each member's name, its quotes included, and its value stand.
  package mutating func object(
    _ bytes: Span<UInt8>, _ body: (_ name: Range<Int>, _ value: Range<Int>) -> Void
  ) throws(JSONText.Fault) {
    try list(bytes, until: UInt8(ascii: "}")) { (scanner) throws(JSONText.Fault) in
      let name = try scanner.name(bytes)
      let start = scanner.cursor
      try scanner.value(bytes)
      body(name, start..<scanner.cursor)
    }
  }

  private mutating func list(
    _ bytes: Span<UInt8>, until closing: UInt8,
    _ element: (inout JSONScanner) throws(JSONText.Fault) -> Void
  ) throws(JSONText.Fault) {
    guard try !isEmptyList(bytes, until: closing) else { return }
    while true {
      try element(&self)
      skipSpace(bytes)
      if take(closing, bytes) { return }
      guard take(UInt8(ascii: ","), bytes) else {
        throw fault("a , or a \(Character(Unicode.Scalar(closing))) is wanted", in: bytes)
      }
      skipSpace(bytes)
    }
  }

  // MARK: Words

  private mutating func string(_ bytes: Span<UInt8>) throws(JSONText.Fault) {
    let start = cursor
    cursor += 1
    while let byte = current(bytes) {
      switch byte {
      case UInt8(ascii: "\""):
        cursor += 1
        return
      case UInt8(ascii: "\\"): try escape(bytes)
      case 0..<0x20: throw fault("a control character has to be escaped", in: bytes)
      default: cursor += 1
      }
    }
    throw fault("the text that begins here has no end", at: start, in: bytes)
  }

  private mutating func escape(_ bytes: Span<UInt8>) throws(JSONText.Fault) {
    let start = cursor
    cursor += 1
    guard let byte = current(bytes) else { return }
    cursor += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return
    case UInt8(ascii: "u"): break
    default: throw fault("there is no such escape", at: start, in: bytes)
    }
    for _ in 0..<4 {
      guard let digit = current(bytes), JSONText.hexadecimal(digit) != nil else {
        throw fault("\\u wants four hexadecimal digits", at: start, in: bytes)
      }
      cursor += 1
    }
  }

  private mutating func number(_ bytes: Span<UInt8>) throws(JSONText.Fault) {
    _ = take(UInt8(ascii: "-"), bytes)
    if !take(UInt8(ascii: "0"), bytes) { try digits(bytes) }
    if take(UInt8(ascii: "."), bytes) { try digits(bytes) }
    if take(UInt8(ascii: "e"), bytes) || take(UInt8(ascii: "E"), bytes) {
      if !take(UInt8(ascii: "+"), bytes) { _ = take(UInt8(ascii: "-"), bytes) }
      try digits(bytes)
    }
  }

  private mutating func digits(_ bytes: Span<UInt8>) throws(JSONText.Fault) {
    let start = cursor
    while let byte = current(bytes), (48...57).contains(byte) { cursor += 1 }
    guard cursor > start else { throw fault("a digit is wanted", in: bytes) }
  }

  private mutating func word(
    _ word: StaticString, _ bytes: Span<UInt8>
  ) throws(JSONText.Fault) {
    let start = cursor
    for byte in word.description.utf8 {
      guard take(byte, bytes) else { throw fault("a value is wanted", at: start, in: bytes) }
    }
  }

  // MARK: Bytes

  private func current(_ bytes: Span<UInt8>) -> UInt8? {
    cursor < bytes.count ? bytes[cursor] : nil
  }

  private mutating func take(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
    guard current(bytes) == byte else { return false }
    cursor += 1
    return true
  }

  /// Goes to the next byte that is no space.
  package mutating func skipSpace(_ bytes: Span<UInt8>) {
    while let byte = current(bytes),
      byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    {
      cursor += 1
    }
  }

  /// A fault here, or at another byte.
  package func fault(
    _ expectation: String, at offset: Int? = nil, in bytes: Span<UInt8>
  ) -> JSONText.Fault {
    JSONText.Fault(at: offset ?? cursor, in: bytes, expectation)
  }
}
