/// A pattern in which `*` matches any run, over UTF-8.
///
/// It is kept as the literals between the stars: the first must open the text, the last close it,
/// and those between follow each other in their order. Taking each at its first place is enough,
/// so nothing is tried twice.
@usableFromInline
struct TextPattern: Equatable, Sendable {
  /// The literals; one more than there are stars, never empty.
  private(set) var literals: [[UInt8]]
  /// Whether ASCII letters match in both cases; the literals are then lower case.
  private(set) var ignoresCase: Bool
  /// The pattern as it stands in a filter, quoted where it must be.
  private(set) var quoted: String

  /// A pattern from the literals between its stars.
  init(literals: [[UInt8]]) {
    self.literals = literals
    ignoresCase = false
    quoted = Self.quoted(literals)
  }

  /// A pattern that matches one text.
  init(literal: String) {
    self.init(literals: [Array(literal.utf8)])
  }

  var hasWildcard: Bool { literals.count > 1 }

  /// The text of a pattern without wildcards.
  var literalText: String? {
    hasWildcard ? nil : literals.first.map { String(decoding: $0, as: UTF8.self) }
  }

  /// The pattern that matches what contains this one, in whatever case; its text stays.
  var contained: TextPattern {
    var pattern = self
    pattern.literals = [[]] + literals.map { $0.map(Self.lowered) } + [[]]
    pattern.ignoresCase = true
    return pattern
  }

  @usableFromInline
  func matches(_ text: Span<UInt8>) -> Bool {
    guard let first = literals.first, let last = literals.last else { return false }
    guard literals.count > 1 else {
      return text.count == first.count && has(first, at: 0, in: text)
    }
    var start = first.count
    let end = text.count - last.count
    guard start <= end, has(first, at: 0, in: text), has(last, at: end, in: text) else {
      return false
    }
    for literal in literals[1..<(literals.count - 1)] {
      while !has(literal, at: start, in: text) {
        start += 1
        guard start + literal.count <= end else { return false }
      }
      start += literal.count
      guard start <= end else { return false }
    }
    return true
  }

  /// Whether the literal stands at a place of the text, which need not be long enough.
  private func has(_ literal: [UInt8], at start: Int, in text: Span<UInt8>) -> Bool {
    guard start + literal.count <= text.count else { return false }
    for index in literal.indices {
      let byte = text[start + index]
      guard (ignoresCase ? Self.lowered(byte) : byte) == literal[index] else { return false }
    }
    return true
  }

  private static func lowered(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }

  private static func quoted(_ literals: [[UInt8]]) -> String {
    let isPlain =
      literals != [[]]
      && literals.allSatisfy { $0.allSatisfy { $0 > 0x20 && !"\"\\*".utf8.contains($0) } }
    let escaped = literals.map { literal in
      literal.flatMap { byte in
        !isPlain && "\"\\*".utf8.contains(byte) ? [UInt8(ascii: "\\"), byte] : [byte]
      }
    }
    let text = String(
      decoding: Array(escaped.joined(separator: "*".utf8)), as: UTF8.self)
    return isPlain ? text : "\"\(text)\""
  }
}
