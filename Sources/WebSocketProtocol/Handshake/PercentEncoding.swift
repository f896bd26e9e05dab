/// Percent-encoding of URIs, RFC 3986 §2.1.
package enum PercentEncoding {
  /// Decodes one segment of a path, once.
  ///
  /// The caller splits the path at its slashes first, so that `%2F` stays inside its segment.
  ///
  /// - Throws: `HandshakeRefusal.malformedPercentEncoding` for a `%` without two hexadecimal
  ///   digits, or if the result is not UTF-8.
  package static func decode(
    _ segment: some StringProtocol
  ) throws(HandshakeRefusal) -> String {
    var decoded: [UInt8] = []
    var bytes = segment.utf8.makeIterator()
    while let byte = bytes.next() {
      guard byte == UInt8(ascii: "%") else {
        decoded.append(byte)
        continue
      }
      guard let high = bytes.next().flatMap(HTTPGrammar.hexadecimalValue),
        let low = bytes.next().flatMap(HTTPGrammar.hexadecimalValue)
      else { throw .malformedPercentEncoding }
      decoded.append(high << 4 | low)
    }
    guard let text = String(validating: decoded.span) else { throw .malformedPercentEncoding }
    return text
  }
}
