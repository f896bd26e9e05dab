import Testing
import WebSocketProtocol

@Suite("Percent-encoding, RFC 3986 §2.1")
struct PercentEncodingTests {
  @Test(
    "A segment is decoded once",
    arguments: [
      ("", ""), ("lobby", "lobby"), ("a%20b", "a b"), ("a+b", "a+b"), ("a%2Fb", "a/b"),
      ("%2f%2F", "//"), ("%252F", "%2F"), ("%C3%A4", "ä"), ("%e2%82%ac", "€"), ("100%25", "100%"),
      ("%00", "\u{0}"),
    ])
  func decode(segment: String, expected: String) throws {
    #expect(try PercentEncoding.decode(segment) == expected)
  }

  @Test(
    "An encoding that is not two hexadecimal digits, or not UTF-8",
    arguments: ["%", "a%", "%2", "%2G", "%G2", "%%20", "%-1", "%FF", "%C3", "%C3%28", "%ED%A0%80"])
  func malformed(segment: String) {
    #expect(throws: HandshakeRefusal.malformedPercentEncoding) {
      try PercentEncoding.decode(segment)
    }
  }
}
