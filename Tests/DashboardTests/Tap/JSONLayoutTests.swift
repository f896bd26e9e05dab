import Testing

@testable import Dashboard

@Suite("JSON laid out")
struct JSONLayoutTests {
  private func text(_ json: String) -> String? {
    JSONLayout.lines(of: Array(json.utf8))?.map {
      String(repeating: "  ", count: $0.depth) + $0.text
    }.joined(separator: "\n")
  }

  @Test("Objects and arrays are indented, and nothing in them is changed")
  func layout() {
    #expect(
      text(#" {"b" :1.50,"a":[1 , "x,{}:[\"]", null],"e":{},"f":[ ]} "#) == #"""
        {
          "b": 1.50,
          "a": [
            1,
            "x,{}:[\"]",
            null
          ],
          "e": {},
          "f": []
        }
        """#)
  }

  @Test("What is cut is laid out as far as it goes")
  func cut() {
    #expect(text(#"{"a":["b","c"#) == "{\n  \"a\": [\n    \"b\",\n    \"c")
    #expect(text(#"{"a\"#) == "{\n  \"a\\")
    #expect(text("[") == "[")
  }

  @Test(
    "What is no JSON is not laid out",
    arguments: ["", "hello", "1", "\"text\"", "{]", "[}", "{a'b}", "[\u{1}]", "{\"a\n\"}", "[é]"])
  func other(_ text: String) {
    #expect(JSONLayout.lines(of: Array(text.utf8)) == nil)
  }

  @Test("A thousand brackets are indented no further than a few")
  func deep() {
    let lines = JSONLayout.lines(of: Array(repeating: UInt8(ascii: "["), count: 4096)) ?? []
    #expect(lines.count == 4096 && lines.allSatisfy { $0.depth <= 16 })
  }

  @Test("Bytes as hexadecimal lines")
  func hex() {
    #expect(
      HexDump.lines(Array("hello, wörld\n12345".utf8)) == [
        "0000  68 65 6c 6c 6f 2c 20 77 c3 b6 72 6c 64 0a 31 32  hello, w..rld.12",
        "0010  33 34 35                                         345",
      ])
    #expect(HexDump.lines([]) == [])
  }
}
