import Testing

@testable import WebSocketEngine

@Suite("Query of a request")
struct QueryParametersTests {
  @Test(
    "Pairs are read as forms write them",
    arguments: [
      ("", []), ("&&", []), ("a=1", [("a", "1")]),
      ("a=1&b=2&a=3", [("a", "1"), ("b", "2"), ("a", "3")]),
      ("a", [("a", "")]), ("a=", [("a", "")]), ("=b", [("", "b")]), ("a=b=c", [("a", "b=c")]),
      ("a+b=c+d", [("a b", "c d")]), ("a%2Bb=%26%3D", [("a+b", "&=")]),
      ("%C3%A9=%E2%82%AC", [("é", "€")]), ("a=100%", [("a", "100%")]),
      ("a=%4&b=%zz&c=%%41", [("a", "%4"), ("b", "%zz"), ("c", "%A")]), ("a=%2541", [("a", "%41")]),
      ("a=%FF", [("a", "\u{FFFD}")]),
    ] as [(String, [(String, String)])])
  func pairs(raw: String, expected: [(String, String)]) {
    let query = QueryParameters(raw: raw)
    #expect(query.items.map(\.name) == expected.map(\.0))
    #expect(query.items.map(\.value) == expected.map(\.1))
    #expect(query.raw == raw)
  }

  @Test("A name gives its first value, or all")
  func byName() {
    let query = QueryParameters(raw: "token=a%20b&x=1&token=c&t%6Fken=d")
    #expect(query["token"] == "a b")
    #expect(query.values(of: "token") == ["a b", "c", "d"])
    #expect(query["Token"] == nil)
    #expect(query.values(of: "y").isEmpty)
  }

  @Test("No query is told from an empty one")
  func missing() {
    #expect(QueryParameters(raw: nil).raw == nil)
    #expect(QueryParameters(raw: nil)["a"] == nil)
    #expect(QueryParameters(raw: nil).items.isEmpty)
  }
}
