import Testing
import Vocabulary

@Suite("Untrusted text")
struct UntrustedTextTests {
  @Test(
    "What is harmless stays",
    arguments: [
      "", "/ws/chat/lobby", "Grüße, мир", "日本語", "e\u{301}", "👍", "a \"quoted\" 'word'",
      "क्षि",
    ])
  func harmless(text: String) {
    #expect(UntrustedText.escaped(text) == text)
    #expect(UntrustedText.escaped(bytes: text.utf8) == text)
  }

  @Test(
    "What could move a cursor, reorder or hide text is escaped",
    arguments: [
      ("\u{1b}[2J", "\\u{1b}[2J"), ("a\nb\r\tc", "a\\nb\\r\\tc"), ("\0", "\\u{0}"),
      ("\u{7f}", "\\u{7f}"), ("\u{9b}31m", "\\u{9b}31m"), ("\u{85}", "\\u{85}"),
      ("\u{202e}cod", "\\u{202e}cod"), ("\u{2066}\u{2069}\u{200e}", "\\u{2066}\\u{2069}\\u{200e}"),
      ("\u{61c}", "\\u{61c}"), ("a\u{200b}b", "a\\u{200b}b"), ("\u{feff}", "\\u{feff}"),
      ("\u{ad}", "\\u{ad}"), ("\u{2028}\u{2029}", "\\u{2028}\\u{2029}"),
      ("\u{e000}", "\\u{e000}"), ("\u{378}", "\\u{378}"), ("\u{ffff}", "\\u{ffff}"),
      ("\u{10ffff}", "\\u{10ffff}"), ("\u{e0041}", "\\u{e0041}"),
      ("a\u{3164}", "a\\u{3164}"), ("❤\u{fe0f}", "❤\\u{fe0f}"), ("\\", "\\\\"),
      ("\\u{1b}", "\\\\u{1b}"),
    ] as [(String, String)])
  func harmful(text: String, expected: String) {
    #expect(UntrustedText.escaped(text) == expected)
    #expect(UntrustedText.escaped(bytes: text.utf8) == expected)
  }

  @Test(
    "A combining mark needs something to combine with, and there are at most four",
    arguments: [
      ("\u{301}a", "\\u{301}a"), ("\n\u{301}", "\\n\\u{301}"),
      ("a\u{1b}\u{20dd}", "a\\u{1b}\\u{20dd}"),
      (
        "a\u{301}\u{302}\u{303}\u{304}\u{305}b",
        "a\u{301}\u{302}\u{303}\u{304}\\u{305}b"
      ),
    ] as [(String, String)])
  func marks(text: String, expected: String) {
    #expect(Array(UntrustedText.escaped(text).unicodeScalars) == Array(expected.unicodeScalars))
  }

  @Test("No scalar that is shown is one that must be escaped")
  func everyScalar() {
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let shown = UntrustedText.escaped("a" + String(scalar))
      guard shown.unicodeScalars.contains(scalar), scalar != "a" else { continue }
      let category = scalar.properties.generalCategory
      #expect(
        ![.control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned]
          .contains(category))
    }
  }

  @Test(
    "Bytes that are not UTF-8 are shown by their value",
    arguments: [
      ([0xFF], "\\xff"), ([0x61, 0x80, 0x62], "a\\x80b"), ([0xC3], "\\xc3"),
      ([0xC3, 0x28], "\\xc3("), ([0xE2, 0x82], "\\xe2\\x82"), ([0xE2, 0x82, 0x61], "\\xe2\\x82a"),
      ([0xC0, 0xAF], "\\xc0\\xaf"), ([0xED, 0xA0, 0x80], "\\xed\\xa0\\x80"),
      ([0xF4, 0x90, 0x80, 0x80], "\\xf4\\x90\\x80\\x80"), ([0xC3, 0xBC, 0xFE], "ü\\xfe"),
      ([0x5C, 0x78, 0x66, 0x66], "\\\\xff"),
    ] as [([UInt8], String)] as [([UInt8], String)])
  func bytes(bytes: [UInt8], expected: String) {
    #expect(UntrustedText.escaped(bytes: bytes) == expected)
  }

  @Test("Without UTF-8 everything that is not ASCII is escaped")
  func asciiOnly() {
    #expect(UntrustedText.escaped("aü日", asciiOnly: true) == "a\\u{fc}\\u{65e5}")
    #expect(UntrustedText.escaped("abcdef", asciiOnly: true, limit: 5) == "ab...")
  }

  @Test(
    "Long text is cut, and no escape with it",
    arguments: [
      ("abc", 3, "abc"), ("abcd", 3, "ab…"), ("abcd", 1, "…"), ("abcd", 0, ""), ("", 0, ""),
      ("a\n", 3, "a\\n"), ("a\nb", 3, "a…"), ("\u{1b}", 6, "\\u{1b}"),
      ("\u{1b}xyz", 7, "\\u{1b}…"), ("\u{1b}xyz", 6, "…"), ("日本語", 2, "日…"),
    ] as [(String, Int, String)])
  func limit(text: String, limit: Int, expected: String) {
    #expect(UntrustedText.escaped(text, limit: limit) == expected)
    #expect(UntrustedText.escaped(bytes: text.utf8, limit: limit) == expected)
  }

  @Test(
    "A field of a spreadsheet is never a formula",
    arguments: [
      ("plain", "plain"), ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"),
      ("@SUM(A1)", "'@SUM(A1)"),
      ("＝1", "'＝1"), ("'=1", "''=1"), ("a,b", "\"a,b\""), ("a;b", "\"a;b\""),
      ("a\"b", "\"a\"\"b\""), ("=HYPERLINK(\"x\",1)", "\"'=HYPERLINK(\"\"x\"\",1)\""),
      ("a\nb", "a\\nb"), ("=\u{301}1", "'=\u{301}1"), ("", ""),
    ] as [(String, String)])
  func csv(text: String, expected: String) {
    #expect(UntrustedText.csvField(text) == expected)
  }
}
