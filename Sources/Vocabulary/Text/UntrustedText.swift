/// Text from the network or an operator, made safe to show, log or export.
///
/// Scalars that could move a cursor, reorder or hide text, or be mistaken for nothing are shown as
/// escapes; a backslash is doubled, so that no text looks like another's escape:
///
///     \n \r \t \\     those four
///     \u{202e}        any other scalar, by its number
///     \xff            a byte that is not UTF-8
public enum UntrustedText {
  /// The text with everything escaped that could move a cursor, reorder or hide text.
  ///
  /// Escaped are controls, format characters (bidirectional and zero-width controls among them),
  /// line and paragraph separators, scalars that are ignorable in display, of private use or not
  /// assigned, and combining marks with nothing before them to combine with or with four already.
  ///
  /// - Parameters:
  ///   - asciiOnly: Whether to escape everything that is not ASCII, for a terminal without UTF-8.
  ///   - limit: The greatest length of the result in scalars; longer text ends in `…` (or `...`),
  ///     and no escape is cut. No more of the text is looked at than is shown.
  public static func escaped(
    _ text: some StringProtocol, asciiOnly: Bool = false, limit: Int? = nil
  ) -> String {
    if limit == nil, text.utf8.allSatisfy(isPlain) { return String(text) }
    var writer = Writer(asciiOnly: asciiOnly, limit: limit)
    for scalar in text.unicodeScalars where !writer.isFull { writer.append(scalar) }
    return writer.text
  }

  /// The same for bytes that should be UTF-8; bytes that are not are shown as `\xff`.
  public static func escaped(
    bytes: some Sequence<UInt8>, asciiOnly: Bool = false, limit: Int? = nil
  ) -> String {
    var writer = Writer(asciiOnly: asciiOnly, limit: limit)
    // The parser reads ahead and keeps only an error's length, so `pending` keeps the bytes.
    var source = bytes.makeIterator()
    var parser = Unicode.UTF8.ForwardParser()
    var pending: [UInt8] = []
    var reader = AnyIterator {
      let byte = source.next()
      if let byte { pending.append(byte) }
      return byte
    }
    while !writer.isFull {
      switch parser.parseScalar(from: &reader) {
      case .emptyInput: return writer.text
      case .valid(let encoded):
        writer.append(Unicode.UTF8.decode(encoded))
        pending.removeFirst(encoded.count)
      case .error(let length):
        for byte in pending.prefix(length) { writer.append(badByte: byte) }
        pending.removeFirst(length)
      }
    }
    return writer.text
  }

  /// One field of a comma-separated file: escaped, quoted where that is needed, and never a
  /// formula: text that a spreadsheet would calculate gets an apostrophe in front.
  public static func csvField(_ text: some StringProtocol) -> String {
    csvField(escaped: escaped(text))
  }

  /// The same for text that is escaped already.
  public static func csvField(escaped text: String) -> String {
    var field = text
    if let first = field.unicodeScalars.first, "=+-@＝＋－＠'".unicodeScalars.contains(first) {
      field = "'" + field
    }
    guard field.utf8.contains(where: { ",;\"".utf8.contains($0) }) else { return field }
    let parts = field.utf8.split(separator: UInt8(ascii: "\""), omittingEmptySubsequences: false)
    return "\"" + parts.map { String(Substring($0)) }.joined(separator: "\"\"") + "\""
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x20...0x7E).contains(byte) && byte != UInt8(ascii: "\\")
  }
}
