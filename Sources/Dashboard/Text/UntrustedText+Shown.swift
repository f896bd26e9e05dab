import Vocabulary

extension Repertoire {
  /// Text from the network, safe to draw: escaped, in this repertoire, and cut long before its
  /// length has a cost.
  package func shown(_ text: String) -> String {
    UntrustedText.escaped(text, asciiOnly: self == .ascii, limit: 4096)
  }
}
