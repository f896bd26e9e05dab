extension String {
  /// The text, cut at the end of the last scalar that fits into so many bytes of UTF-8.
  package func cut(to byteCount: Int) -> String {
    guard utf8.count > byteCount else { return self }
    var end = utf8.index(startIndex, offsetBy: max(byteCount, 0))
    while end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
    return String(self[..<end])
  }
}
