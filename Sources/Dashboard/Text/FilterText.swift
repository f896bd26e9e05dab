/// The text of a filter, as far as the console itself changes it.
package enum FilterText {
  /// What came of inverting a filter.
  package enum Inversion: Equatable, Sendable {
    /// The opposite filter.
    case inverted(String)
    /// There is no filter.
    case empty
    /// The terms all have to hold; that not all do is nothing the grammar can say.
    case severalTerms
  }

  /// Turns a filter of one term into its opposite.
  package static func inverted(_ text: String) -> Inversion {
    let terms = terms(of: text)
    guard let term = terms.first else { return .empty }
    guard terms.count == 1 else { return .severalTerms }
    return .inverted(term.hasPrefix("!") ? String(term.dropFirst()) : "!" + term)
  }

  /// The terms: separated by spaces that are not in double quotes.
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
