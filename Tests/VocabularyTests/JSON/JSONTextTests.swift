import Testing

@testable import Vocabulary

@Suite("Text that has to be JSON")
struct JSONTextTests {
  @Test(
    "JSON is taken as it is",
    arguments: [
      "null", " true ", "-0.5e+10", "0", "\"\"", #""\u00e9\n\"""#, "[]", "{}",
      #"{"a":[1,{"b":null},"grüße 🎈"],"":false}"#, "\t[ 1 ,\r\n2 ]", "1E400",
    ])
  func taken(text: String) throws {
    try JSONText.check(text)
  }

  @Test(
    "What is no JSON is refused at its column",
    arguments: [
      ("", 1), ("  ", 3), ("nul", 1), ("{\"a\":[1,2}]}", 10), ("[1,]", 4), ("{a:1}", 2),
      ("{\"a\" 1}", 6), ("01", 2), ("1.", 3), ("-", 2), ("+1", 1), ("\"abc", 1), ("\"\\x\"", 2),
      ("\"\\u12g4\"", 2), ("\"a\nb\"", 3), ("\"é\" x", 5), ("[1] [2]", 5), ("'a'", 1), ("NaN", 1),
      ("1e", 3), ("{\"a\":1,}", 8),
    ])
  func refused(text: String, column: Int) {
    let fault = #expect(throws: JSONText.Fault.self) { try JSONText.check(text) }
    #expect(fault?.column == column, "\(fault.debugDescription)")
  }

  @Test("A text that ends behind an escape wants its closing quote, and not the escape's digits")
  func endsBehindEscape() {
    let fault = #expect(throws: JSONText.Fault.self) { try JSONText.check("\"\\u0041") }
    let plain = #expect(throws: JSONText.Fault.self) { try JSONText.check("\"A") }
    #expect(fault?.expectation == plain?.expectation)
  }

  @Test("It may be nested as deep as is said, and no deeper", arguments: [1, 64, 512])
  func depth(deepest: Int) throws {
    let closings = String(repeating: "]", count: deepest)
    try JSONText.check(
      String(repeating: "[", count: deepest) + "7" + closings, maximumDepth: deepest)
    let fault = #expect(throws: JSONText.Fault.self) {
      try JSONText.check(
        "[" + String(repeating: #"{"a":"#, count: deepest) + "7", maximumDepth: deepest)
    }
    #expect(fault?.expectation == "it is nested deeper than \(deepest)")
    #expect(fault?.column == (deepest - 1) * 5 + 2)
  }

  @Test("However deep it is nested, reading it costs no stack")
  func recursion() throws {
    let count = 1_000_000
    let text = String(repeating: "[", count: count) + String(repeating: "]", count: count)
    try JSONText.check(text, maximumDepth: count)
    #expect(throws: JSONText.Fault.self) { try JSONText.check(text, maximumDepth: count - 1) }
  }

  @Test("Bytes that are not UTF-8 are no JSON, at their column")
  func encoding() throws {
    let bytes = Array(#"{"é":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8)
    let fault = #expect(throws: JSONText.Fault.self) { try JSONText.check(bytes.span) }
    #expect(fault?.column == 7)
    #expect(fault?.expectation == "it is not UTF-8")
  }
}
