import ControlProtocol
import Testing

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

  @Test("It may be nested deep, but not so deep that reading it costs the stack")
  func depth() throws {
    let deep = JSONText.maximumDepth
    try JSONText.check(
      String(repeating: "[", count: deep) + String(repeating: "]", count: deep))
    let fault = #expect(throws: JSONText.Fault.self) {
      try JSONText.check(String(repeating: "[", count: 1_000_000))
    }
    #expect(fault?.expectation == "it is nested too deep")
  }
}
