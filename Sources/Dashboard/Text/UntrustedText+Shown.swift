import Vocabulary

extension Repertoire {
  /// Text from the network in a form that may be drawn: escaped, in this repertoire, and cut long
  /// before its length could cost anything.
  package func shown(_ text: String) -> String {
    UntrustedText.escaped(text, asciiOnly: self == .ascii, limit: 4096)
  }
}
