import Testing
import WebSocketProtocol

@Suite("Header fields, RFC 9110 §5")
struct HeaderFieldTests {
  @Test(
    "A malformed field cannot exist",
    arguments: [
      ("", "v"), ("a b", "v"), ("a:", "v"), ("a\r\nb", "v"), ("ä", "v"), ("a", "v\r\nb: c"),
      ("a", "v\n"), ("a", "\r"), ("a", "\u{0}"), ("a", "\u{7F}"), ("a", "\u{1B}[0m"),
    ])
  func malformed(name: String, value: String) {
    #expect(HeaderField(name: name, value: value) == nil)
    var headers = Headers()
    let isAppended = headers.append(name: name, value: value)
    #expect(!isAppended && headers.isEmpty)
  }

  @Test(
    "Whitespace around the value is dropped, inside it stays",
    arguments: [("v", "v"), ("  v\t", "v"), ("a\tb c", "a\tb c"), ("", ""), (" ", ""), ("é", "é")])
  func trimmed(value: String, expected: String) {
    #expect(HeaderField(name: "A", value: value)?.value == expected)
  }

  @Test("Names compare without regard to case; order and repetition are kept")
  func order() throws {
    var headers = try headers(("A", "1"), ("B", "2"))
    let isAppended = headers.append(name: "a", value: " 3 ")
    #expect(isAppended)
    #expect(headers.map(\.value) == ["1", "2", "3"])
    #expect(headers["a"] == "1" && headers.values(of: "a") == ["1", "3"])
  }

  @Test("Lists run over all fields of a name; empty elements count for nothing, RFC 9110 §5.6.1")
  func lists() throws {
    let list = try headers(("L", " a, ,B ,"), ("l", "c"))
    #expect(list.listElements(of: "L") == ["a", "B", "c"])
    let combining = try headers(("L", "a,\u{301}b"))
    #expect(combining.listElements(of: "L").count == 2)
    #expect(list.list(of: "L", contains: "b") && !list.list(of: "L", contains: "ab"))
  }
}
