import Testing
import Vocabulary

@Suite("Tags")
struct SessionTagTests {
  @Test(
    "Keys and values that are none are refused with what is wrong",
    arguments: [
      ("", "x", TagError.invalidKey), ("a:b", "", .invalidKey), (":", "", .invalidKey),
      (String(repeating: "é", count: 33), "", .keyTooLong(byteCount: 66)),
      ("a", String(repeating: "é", count: 129), .valueTooLong(byteCount: 258)),
    ] as [(String, String, TagError)])
  func refused(key: String, value: String, error: TagError) {
    #expect(throws: error) { try SessionTag(key, value) }
  }

  @Test("A tag is shown as a filter takes it")
  func text() throws {
    #expect(try SessionTag("user", "olga").text == "user:olga")
    #expect(try SessionTag("vip").text == "vip")
    #expect(try SessionTag("at", "10:30").text == "at:10:30")
    #expect(
      try SessionTag(String(repeating: "k", count: 64), String(repeating: "v", count: 256)).text
        .utf8.count == 321)
    #expect(TagError.keyTooLong(byteCount: 66).description.contains("66 bytes"))
    #expect(TagError.tooManyTags(limit: 16).description.contains("16 tags"))
  }

  @Test("Tags are the same if their bytes are")
  func bytes() throws {
    #expect(try SessionTag("K") != SessionTag("\u{212A}"))
    #expect(try SessionTag("user", "\u{E9}") != SessionTag("user", "e\u{301}"))
    #expect(try Set([SessionTag("a", "b"), SessionTag("a", "b")]).count == 1)
  }
}
