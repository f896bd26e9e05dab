/// The changes that the console makes to the text of a filter.
package enum FilterText {
  /// The result of inverting a filter.
  package enum Inversion: Equatable, Sendable {
    /// The opposite filter.
    case inverted(String)
    /// There is no filter.
    case empty
    /// The filter has several terms, whose conjunction the grammar cannot negate.
    case severalTerms
  }

  /// Inverts a filter of one term.
  package static func inverted(_ text: String) -> Inversion {
    let terms = terms(of: text)
    guard let term = terms.first else { return .empty }
    guard terms.count == 1 else { return .severalTerms }
    return .inverted(term.hasPrefix("!") ? String(term.dropFirst()) : "!" + term)
  }

  /// The terms, separated by spaces outside of double quotes.
  private static func terms(of text: String) -> [String] {
    var terms: [String] = []
    var term = ""
    var isQuoted = false
    for character in text {
      if character == "\"" { isQuoted.toggle() }
      if character == " ", !isQuoted {
        if !term.isEmpty { terms.append(term) }
        term = ""
      } else {
        term.append(character)
      }
    }
    return term.isEmpty ? terms : terms + [term]
  }
}
