internal import Vocabulary

/// The candidates at the end of a filter that is being typed: keys, flags, operators, and the values
/// of keys that have few.
public struct FilterCompletion: Equatable, Sendable {
  /// The character of the text from which on a candidate replaces it.
  public var start: Int
  /// The candidates, in the order in which help lists them.
  public var candidates: [Candidate]
  /// A right term where no candidate can be listed, such as `idle>5m`; empty where none is known.
  public var example = ""

  /// One thing that fits.
  public struct Candidate: Equatable, Sendable {
    /// The text that is put into the filter.
    public var text: String
    /// The text that a list shows.
    public var label: String
  }

  /// The most candidates.
  public static let maximumCandidateCount = 64

  /// The completion of a text, the cursor being at its end.
  ///
  /// - Parameter known: the values that are known of fields.
  public init(of text: String, knowing known: KnownValues) {
    let characters = Array(text)
    var start = 0
    var isQuoted = false
    var isEscaped = false
    for (index, character) in characters.enumerated() {
      if character == "\"", !isEscaped { isQuoted.toggle() }
      if character.isWhitespace, !isQuoted { start = index + 1 }
      isEscaped = character == "\\" && isQuoted && !isEscaped
    }
    if start < characters.count, characters[start] == "!" { start += 1 }
    let term = String(characters[start...])
    guard let sign = term.firstIndex(where: { "=!<>~".contains($0) }) else {
      self.start = start
      candidates = Self.words(for: term)
      return
    }
    let word = String(term[..<sign])
    let signs = term[sign...].prefix { "=!<>~".contains($0) }
    guard let field = SessionField(filterKey: word) else {
      self.start = start
      candidates = []
      return
    }
    guard FilterOperator(rawValue: String(signs)) != nil else {
      self.start = start
      candidates = Self.operators(of: field, beginningWith: String(signs))
      return
    }
    let value = String(term[signs.endIndex...])
    self.start = start + term.distance(from: term.startIndex, to: signs.endIndex)
    candidates = Self.values(of: field, for: value, known)
    if candidates.isEmpty { example = field.example }
  }

  /// The beginning that all candidates have in common.
  public var commonPrefix: String { candidates.lazy.map(\.text).commonPrefix }

  /// Flags, which end a term, and keys, which want an operator; of a key that is complete its
  /// operators.
  private static func words(for prefix: String) -> [Candidate] {
    let keys = SessionField.filterKeys.filter { $0.rawValue.hasPrefix(prefix) }
    let flags = SessionField.flags.map(\.rawValue).filter { $0.hasPrefix(prefix) }
    if flags.isEmpty, keys.count == 1, let field = keys.first {
      return operators(of: field, beginningWith: "")
    }
    return Array(
      (keys.map { Candidate(text: $0.rawValue, label: $0.rawValue) }
        + flags.map { Candidate(text: $0 + " ", label: $0) }).prefix(maximumCandidateCount))
  }

  private static func operators(
    of field: SessionField, beginningWith prefix: String
  ) -> [Candidate] {
    field.operators.map(\.rawValue).filter { $0.hasPrefix(prefix) }
      .map { Candidate(text: field.rawValue + $0, label: field.rawValue + $0) }
  }

  private static func values(
    of field: SessionField, for prefix: String, _ known: KnownValues
  ) -> [Candidate] {
    func plain(_ values: [String]) -> [Candidate] {
      values.filter { $0.hasPrefix(prefix) }.prefix(maximumCandidateCount)
        .map { Candidate(text: $0 + " ", label: $0) }
    }
    switch field.kind {
    case .state: return plain(SessionState.allCases.map(\.rawValue))
    case .initiator:
      let kinds = CloseInitiator.Kind.allCases.map(\.rawValue)
      guard prefix.contains(":") else { return plain(kinds) }
      return plain(
        LimitKey.allCases.flatMap { ["limit:\($0.rawValue)", "timeout:\($0.rawValue)"] })
    case .code: return codes(for: prefix)
    case .text, .names, .address:
      // A value in quotes stays so, whether it needs them or not.
      let isQuoted = prefix.hasPrefix("\"")
      let typed = isQuoted ? unquoted(prefix) : prefix
      return known[field].filter { $0.hasPrefix(typed) }.sorted().prefix(maximumCandidateCount)
        .map { value in
          let pattern = TextPattern(literal: value)
          return Candidate(
            text: (isQuoted ? pattern.inQuotes : pattern.quoted) + " ",
            label: UntrustedText.escaped(value, limit: 64))
        }
    default: return []
    }
  }

  /// The text of a value that a quote begins and that may have no end yet.
  private static func unquoted(_ text: String) -> String {
    var value = ""
    var isEscaped = false
    for character in text.dropFirst() {
      if !isEscaped, character == "\"" { break }
      isEscaped = !isEscaped && character == "\\"
      if !isEscaped { value.append(character) }
    }
    return value
  }

  /// Close codes whose numbers, or the words of whose names, begin so.
  private static func codes(for prefix: String) -> [Candidate] {
    let wanted = prefix.lowercased()
    return (1000...1015).map { CloseCode(rawValue: $0) }.compactMap { code in
      guard let name = code.name else { return nil }
      let words = name.lowercased().split(separator: " ")
      let matches =
        String(code.rawValue).hasPrefix(wanted) || words.contains { $0.hasPrefix(wanted) }
        || name.lowercased().split(separator: " ").joined(separator: "-").hasPrefix(wanted)
      guard matches else { return nil }
      return Candidate(text: "\(code.rawValue) ", label: "\(code.rawValue) \(name)")
    }
  }
}
