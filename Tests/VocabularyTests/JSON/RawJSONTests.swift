import Testing

@testable import Vocabulary

@Suite("JSON that is passed on as it came")
struct RawJSONTests {
  @Test("A member's value is the text that stands there, the last one of a name")
  func members() throws {
    let json = try RawJSON(
      #" { "a" : [1.50, {"b":[]}] , "o\u0070":"x", "a\"":2, "b": null,"b":12345678901234567890 } "#)
    #expect(json["a"]?.text == #"[1.50, {"b":[]}]"#)
    #expect(json["op"]?.string == "x")
    #expect(json[#"a""#]?.text == "2")
    #expect(json["b"]?.text == "12345678901234567890")
    #expect(json["c"] == nil)
    #expect(json["a"]?["b"] == nil)
    #expect(try RawJSON(#"["a"]"#)["a"] == nil)
    #expect(try RawJSON("{}")[""] == nil)
  }

  @Test("Names are told apart by their bytes, not by how they look")
  func names() throws {
    #expect(try RawJSON(#"{"\u212a":1}"#)["K"] == nil)
    #expect(try RawJSON("{\"e\u{301}\":1}")["\u{e9}"] == nil)
    #expect(try RawJSON("{\"e\u{301}\":1}")["e\u{301}"]?.text == "1")
  }

  @Test(
    "A string's escapes are what they mean, and half of a surrogate pair means nothing",
    arguments: [
      (#""""#, ""), (#" "grüße\n\t\"\\\/" "#, "grüße\n\t\"\\/"), (#""\u00e9\ud83d\ude00""#, "é😀"),
      (#""\ud800""#, nil), (#""\ude00\ud83d""#, nil), (#""\ud83dx""#, nil), (#""\ud83d\n""#, nil),
      ("1", nil), ("[]", nil), ("null", nil),
    ] as [(String, String?)])
  func string(text: String, meaning: String?) throws {
    #expect(try RawJSON(text).string == meaning)
  }

  @Test("A megabyte of the smallest values, or of the deepest, is read in a moment")
  func work() throws {
    let flat = #"{"op":"echo","data":["# + String(repeating: "{},", count: 349_000) + "{}]}"
    let nest = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
    let deep = #"{"op":"echo","data":["# + String(repeating: nest + ",", count: 8_600) + "{}]}"
    for text in [flat, deep] {
      let duration = try ContinuousClock().measure {
        let json = try RawJSON(text)
        #expect(json["op"]?.string == "echo")
        #expect(json["data"]?.text.utf8.count == text.utf8.count - 21)
      }
      // It was seconds and minutes; tests are built without optimization.
      #expect(duration < .seconds(30), "\(duration)")
    }
  }
}
