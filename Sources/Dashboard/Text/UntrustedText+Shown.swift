import Vocabulary

extension Repertoire {
  /// Text from the network, safe to draw: escaped, in this repertoire, and cut long before its
  /// length has a cost.
  package func shown(_ text: String) -> String {
    // A byte becomes six characters at most, as in `\u{1b}`: without a limit text that needs no
    // escape is found at a glance.
    let isShort = text.utf8.count <= Self.longestShown / 6
    return UntrustedText.escaped(
      text, asciiOnly: self == .ascii, limit: isShort ? nil : Self.longestShown)
  }

  /// The most characters that are drawn of one text.
  private static let longestShown = 4096
}
