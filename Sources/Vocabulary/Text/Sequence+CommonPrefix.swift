extension Sequence<String> {
  /// What all texts begin with; empty if there are none.
  package var commonPrefix: String {
    var texts = makeIterator()
    guard var common = texts.next() else { return "" }
    while let text = texts.next() {
      common = String(zip(common, text).prefix { $0 == $1 }.map(\.0))
    }
    return common
  }
}
