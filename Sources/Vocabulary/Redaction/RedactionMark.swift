/// The mark that stands in the place of a secret: `‹redacted 64 B›`.
enum RedactionMark {
  /// The most digits of a mark's byte count; no value from the network has more bytes.
  private static let maximumDigitCount = 10
  /// The word that no other text has.
  static let word = Array("‹redacted".utf8)
  private static let beginning = word + [0x20]
  private static let end = Array(" B›".utf8)

  /// The mark for so many bytes.
  static func bytes(for byteCount: Int) -> [UInt8] {
    beginning + Array(String(byteCount).utf8) + end
  }

  /// How many bytes the mark has that a text begins with; 0 if it begins with none.
  static func byteCount(atStartOf text: some Collection<UInt8>) -> Int {
    guard text.starts(with: beginning) else { return 0 }
    let digits = text.dropFirst(beginning.count).prefix(maximumDigitCount)
      .prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard !digits.isEmpty,
      text.dropFirst(beginning.count + digits.count).starts(with: end)
    else { return 0 }
    return beginning.count + digits.count + end.count
  }
}
