/// Names of files, which are bytes, in texts, which are Unicode.
///
/// A byte that is no UTF-8 stands in a text as the scalar U+10FF00 and the byte: the last 128 of
/// private use. Names that have these scalars themselves have each of their bytes kept so; thus
/// every name comes out as it went in.
public enum FileName {
  private static let escapes: ClosedRange<UInt32> = 0x10FF80...0x10FFFF
  private static let escapeBase: UInt32 = 0x10FF00

  /// A name as text.
  public static func text(_ bytes: [UInt8]) -> String {
    if let text = String(validating: bytes, as: UTF8.self), !hasEscapes(text) { return text }
    var text = String.UnicodeScalarView()
    var rest = bytes[...]
    while let first = rest.first {
      // A scalar has one to four bytes, and no beginning of it is another one.
      let scalar = (1...4).lazy.compactMap { count -> Unicode.Scalar? in
        guard rest.count >= count,
          let text = String(validating: rest.prefix(count), as: UTF8.self)
        else { return nil }
        return text.unicodeScalars.count == 1 ? text.unicodeScalars.first : nil
      }.first
      if let scalar, !escapes.contains(scalar.value) {
        text.append(scalar)
        rest = rest.dropFirst(UTF8.width(scalar))
      } else {
        // Every number of the range is a scalar.
        if let escape = Unicode.Scalar(escapeBase + UInt32(first)) { text.append(escape) }
        rest = rest.dropFirst()
      }
    }
    return String(text)
  }

  /// The bytes of a name.
  public static func bytes(_ text: String) -> [UInt8] {
    guard hasEscapes(text) else { return Array(text.utf8) }
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars {
      if escapes.contains(scalar.value) {
        bytes.append(UInt8(truncatingIfNeeded: scalar.value))
      } else {
        bytes += UTF8.encode(scalar).map { Array($0) } ?? []
      }
    }
    return bytes
  }

  /// The same with a zero behind, as C has it.
  public static func cString(_ text: String) -> [CChar] {
    bytes(text).map { CChar(bitPattern: $0) } + [0]
  }

  /// How many bytes a name has.
  public static func byteCount(_ text: String) -> Int { bytes(text).count }

  /// A name made safe to show: bytes that are no UTF-8 as `\xff`.
  public static func shown(_ text: String, limit: Int? = nil) -> String {
    UntrustedText.escaped(bytes: bytes(text), limit: limit)
  }

  // A solidus is a byte, whatever it makes one character with in a text.

  /// Whether a path begins at the root.
  public static func isAbsolute(_ path: some StringProtocol) -> Bool {
    path.utf8.first == UInt8(ascii: "/")
  }

  /// The names that a path goes through, without empty ones.
  public static func names(in path: String) -> [String] {
    path.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
  }

  /// The directory that a path names its file in, with a solidus at the end; nil if it does not say.
  public static func directory(of path: String) -> String? {
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(Substring(path.utf8[...$0])) }
  }

  /// Whether a text has scalars that stand for bytes.
  public static func hasEscapes(_ text: some StringProtocol) -> Bool {
    // `0xF4` begins each scalar of plane 16 in UTF-8; most texts have no such byte.
    text.utf8.contains(0xF4) && text.unicodeScalars.contains { escapes.contains($0.value) }
  }
}
