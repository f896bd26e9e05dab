extension Sequence<String> {
  /// The longest prefix that all texts share; empty if there are no texts.
  package var commonPrefix: String {
    var texts = makeIterator()
    guard var common = texts.next() else { return "" }
    while let text = texts.next() {
      common = String(zip(common, text).prefix { $0 == $1 }.map(\.0))
    }
    return common
  }
}
