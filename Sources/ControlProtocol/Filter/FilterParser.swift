internal import Vocabulary

/// Reads the grammar of filters from left to right, one term at a time.
struct FilterParser {
  private let bytes: [UInt8]
  private var cursor = 0

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  mutating func parse() throws(FilterError) -> [FilterTerm] {
    guard bytes.count <= SessionFilter.maximumByteCount else {
      throw error(.textTooLong, at: SessionFilter.maximumByteCount)
    }
    var terms: [FilterTerm] = []
    skipSpace()
    while cursor < bytes.count {
      guard terms.count < SessionFilter.maximumTermCount else { throw error(.tooManyTerms) }
      terms.append(try parseTerm())
      skipSpace()
    }
    return terms
  }

  private mutating func parseTerm() throws(FilterError) -> FilterTerm {
    let isNegated = take("!")
    guard !take("!") else { throw error(.negatedTwice, at: cursor - 1) }
    let start = cursor
    let word = takeWord()
    guard let byte = current, !Self.isSpace(byte) else {
      return try parseFlag(word, at: start, isNegated: isNegated)
    }
    guard let field = SessionField(filterKey: word) else {
      throw error(.unknownKey(word), at: start)
    }
    let operatorStart = cursor
    guard let comparison = takeOperator() else { throw error(.malformedOperator) }
    guard field.operators.contains(comparison) else {
      throw error(.operatorNotPermitted(field, comparison), at: operatorStart)
    }
    let valueStart = cursor
    guard let pattern = try takeValue() else { throw error(.missingValue(field)) }
    guard let (test, value) = Self.test(field, comparison, pattern) else {
      let text = String(decoding: bytes[valueStart..<cursor], as: UTF8.self)
      throw error(.invalidValue(field, text), at: valueStart)
    }
    // Of the two ways to say "is not", `!port=80` and `port!=80`, the second is canonical.
    let isEquality = comparison == .equal || comparison == .notEqual
    let holdsNegated = isNegated != (comparison == .notEqual)
    let text =
      isEquality
      ? "\(field.rawValue)\(holdsNegated ? "!=" : "=")\(value)"
      : "\(holdsNegated ? "!" : "")\(field.rawValue)\(comparison.rawValue)\(value)"
    return FilterTerm(isNegated: holdsNegated, field: field, test: test, text: text)
  }

  private func parseFlag(
    _ word: String, at start: Int, isNegated: Bool
  ) throws(FilterError) -> FilterTerm {
    if word.isEmpty { throw error(.nothingToNegate, at: start) }
    if let flag = SessionField(rawValue: word), flag.kind == .flag {
      return FilterTerm(
        isNegated: isNegated, field: flag, test: .flag, text: (isNegated ? "!" : "") + word)
    }
    if let field = SessionField(filterKey: word) {
      throw error(.keyWithoutOperator(field), at: start)
    }
    throw error(.notAFlag(word), at: start)
  }

  /// The test of a term, and its value in canonical form; nil if the value does not fit the field.
  private static func test(
    _ field: SessionField, _ comparison: FilterOperator, _ pattern: TextPattern
  ) -> (FilterTerm.Test, String)? {
    let contains = comparison == .contains
    switch field.kind {
    case .id:
      if contains { return (.idText(pattern.contained), pattern.quoted) }
      if pattern.hasWildcard { return (.idText(pattern), pattern.quoted) }
      guard let id = pattern.literalText.flatMap({ SessionID($0) }) else { return nil }
      return (.id(id), id.description)
    case .state:
      guard let state = pattern.literalText.flatMap(SessionState.init) else { return nil }
      return (.state(state), state.rawValue)
    case .initiator:
      if contains { return (.closedBy(pattern.contained), pattern.quoted) }
      if let text = pattern.literalText {
        guard CloseInitiator.Kind(rawValue: text) != nil || CloseInitiator(text) != nil else {
          return nil
        }
      }
      return (.closedBy(pattern), pattern.quoted)
    case .address where !contains && pattern.literalText != nil:
      guard let text = pattern.literalText else { return nil }
      if text == "unix" { return (.text(pattern), text) }
      return AddressBlock(text).map { (.address($0), text) }
    case .text, .names, .address:
      return (.text(contains ? pattern.contained : pattern), pattern.quoted)
    case .port, .count, .bytes, .owedBytes, .seconds, .milliseconds, .moment, .code, .ratio,
      .rooms:
      guard let comparison = FilterTerm.Comparison(comparison),
        let (number, text) = pattern.literalText.flatMap({ number($0, field.kind) })
      else { return nil }
      return (.number(comparison, number), text)
    case .flag: return nil
    }
  }

  /// A number in the unit in which subjects state a field of that kind, and its canonical text; nil
  /// for a text that is none, and for a kind without numbers.
  private static func number(
    _ text: String, _ kind: SessionFieldDefinition.Kind
  ) -> (Double, String)? {
    switch kind {
    case .port, .count, .rooms:
      QuantityText.count(from: text).map { (Double($0), String($0)) }
    case .bytes, .owedBytes:
      QuantityText.bytes(from: text).map { (Double($0), QuantityText.exactBytes($0)) }
    case .seconds, .moment:
      QuantityText.milliseconds(from: text).map {
        (Double($0) / 1000, QuantityText.exactMilliseconds($0))
      }
    case .milliseconds:
      QuantityText.milliseconds(from: text).map {
        (Double($0), QuantityText.exactMilliseconds($0))
      }
    case .code:
      QuantityText.count(from: text).flatMap(UInt16.init(exactly:)).map {
        (Double($0), String($0))
      }
    case .ratio: ratio(text)
    case .id, .text, .names, .address, .state, .initiator, .flag: nil
    }
  }

  /// A number with at most six digits before the point and three after it.
  private static func ratio(_ text: String) -> (Double, String)? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), (1...6).contains(parts[0].utf8.count),
      let whole = QuantityText.count(from: String(parts[0]))
    else { return nil }
    guard parts.count == 2 else { return (Double(whole), String(whole)) }
    guard (1...3).contains(parts[1].utf8.count),
      var thousandths = QuantityText.count(from: String(parts[1]))
    else { return nil }
    for _ in parts[1].utf8.count..<3 { thousandths *= 10 }
    var digits = Substring(String(1000 + thousandths)).dropFirst()
    while digits.last == "0" { digits.removeLast() }
    return (
      Double(whole) + Double(thousandths) / 1000,
      digits.isEmpty ? String(whole) : "\(whole).\(digits)"
    )
  }

  // MARK: Scanning

  private var current: UInt8? { cursor < bytes.count ? bytes[cursor] : nil }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte)
  }

  private mutating func skipSpace() {
    while let byte = current, Self.isSpace(byte) { cursor += 1 }
  }

  private mutating func take(_ literal: StaticString) -> Bool {
    let wanted = Array(literal.description.utf8)
    guard bytes[cursor...].starts(with: wanted) else { return false }
    cursor += wanted.count
    return true
  }

  /// Takes what may be a flag or a key.
  private mutating func takeWord() -> String {
    let start = cursor
    while let byte = current, !Self.isSpace(byte), !"=!<>~".utf8.contains(byte) { cursor += 1 }
    return String(decoding: bytes[start..<cursor], as: UTF8.self)
  }

  private mutating func takeOperator() -> FilterOperator? {
    if take("!=") { return .notEqual }
    if take(">=") { return .greaterOrEqual }
    if take("<=") { return .lessOrEqual }
    if take("=") { return .equal }
    if take(">") { return .greater }
    if take("<") { return .less }
    return take("~") ? .contains : nil
  }

  /// Takes a value, quoted or up to the next space; nil if there is none.
  private mutating func takeValue() throws(FilterError) -> TextPattern? {
    var literals: [[UInt8]] = [[]]
    let start = cursor
    guard take("\"") else {
      while let byte = current, !Self.isSpace(byte) {
        Self.append(byte, to: &literals)
        cursor += 1
      }
      return cursor == start ? nil : TextPattern(literals: literals)
    }
    while let byte = current {
      cursor += 1
      switch byte {
      case UInt8(ascii: "\""):
        if let next = current, !Self.isSpace(next) { throw error(.textAfterQuote) }
        return TextPattern(literals: literals)
      case UInt8(ascii: "\\"):
        guard let escaped = current, "\"\\*".utf8.contains(escaped) else {
          throw error(.unknownEscape, at: cursor - 1)
        }
        literals[literals.count - 1].append(escaped)
        cursor += 1
      default: Self.append(byte, to: &literals)
      }
    }
    throw error(.unterminatedQuote, at: start)
  }

  private static func append(_ byte: UInt8, to literals: inout [[UInt8]]) {
    if byte == UInt8(ascii: "*") {
      literals.append([])
    } else {
      literals[literals.count - 1].append(byte)
    }
  }

  private func error(_ reason: FilterError.Reason, at offset: Int? = nil) -> FilterError {
    // Continuation bytes of UTF-8 begin no scalar.
    let before = bytes.prefix(offset ?? cursor).count { $0 & 0xC0 != 0x80 }
    return FilterError(column: before + 1, reason: reason)
  }
}

extension FilterTerm.Comparison {
  /// The comparison of numbers that an operator means, "is not" being a negated "is".
  fileprivate init?(_ comparison: FilterOperator) {
    switch comparison {
    case .equal, .notEqual: self = .equal
    case .greater: self = .greater
    case .less: self = .less
    case .greaterOrEqual: self = .greaterOrEqual
    case .lessOrEqual: self = .lessOrEqual
    case .contains: return nil
    }
  }
}
