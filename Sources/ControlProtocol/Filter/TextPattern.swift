/// A pattern in which `*` matches any run, over UTF-8.
///
/// It is kept as the literals between the stars: the first must open the text, the last close it,
/// and those between follow each other in their order. Taking each at its first place is enough, and
/// looking for it goes over each byte of the text once (Knuth, Morris and Pratt), so that no text and
/// no pattern, both of which strangers choose, costs more than their lengths together.
@usableFromInline
struct TextPattern: Equatable, Sendable {
  /// The literals; one more than there are stars, never empty.
  private(set) var literals: [[UInt8]]
  /// Whether ASCII letters match in both cases; the literals are then lower case.
  private(set) var ignoresCase: Bool
  /// The pattern as it stands in a filter, quoted where it must be.
  private(set) var quoted: String
  /// For each literal and each of its beginnings how much of that stands again at its end.
  private var borders: [[UInt16]]

  /// A pattern from the literals between its stars.
  init(literals: [[UInt8]]) {
    self.literals = literals
    ignoresCase = false
    quoted = Self.quoted(literals)
    borders = literals.map(Self.borders)
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
    pattern.borders = pattern.literals.map(Self.borders)
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
    for index in 1..<(literals.count - 1) {
      guard let found = endOfLiteral(index, from: start, upTo: end, in: text) else { return false }
      start = found
    }
    return true
  }

  /// Where a literal ends that stands first in a part of the text; nil if it does not stand there.
  private func endOfLiteral(
    _ place: Int, from start: Int, upTo end: Int, in text: Span<UInt8>
  ) -> Int? {
    let literal = literals[place]
    guard !literal.isEmpty else { return start }
    let borders = borders[place]
    var matchedCount = 0
    for index in start..<end {
      let byte = ignoresCase ? Self.lowered(text[index]) : text[index]
      while matchedCount > 0, byte != literal[matchedCount] {
        matchedCount = Int(borders[matchedCount - 1])
      }
      if byte == literal[matchedCount] { matchedCount += 1 }
      if matchedCount == literal.count { return index + 1 }
    }
    return nil
  }

  /// Of each beginning of a literal, the length of the longest shorter one that it ends with.
  private static func borders(_ literal: [UInt8]) -> [UInt16] {
    guard !literal.isEmpty else { return [] }
    var borders: [UInt16] = [0]
    borders.reserveCapacity(literal.count)
    var length = 0
    for byte in literal.dropFirst() {
      while length > 0, byte != literal[length] { length = Int(borders[length - 1]) }
      if byte == literal[length] { length += 1 }
      borders.append(UInt16(clamping: length))
    }
    return borders
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

  /// The pattern in quotes, whether it must be or not.
  var inQuotes: String { Self.quoted(literals, always: true) }

  private static func quoted(_ literals: [[UInt8]], always: Bool = false) -> String {
    let isPlain =
      !always && literals != [[]]
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
