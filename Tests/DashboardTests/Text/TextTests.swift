import ControlProtocol
import TestSupport
import Testing

@testable import Dashboard

@Suite("Display width")
struct DisplayWidthTests {
  @Test(
    "Width is counted in columns",
    arguments: [
      ("abc", 3), ("日本", 4), ("e\u{301}", 1), ("한", 2), ("\u{1F600}", 2), ("é", 1), ("", 0),
      ("–…▸", 3), ("\u{1B}", 1),
    ])
  func widths(text: String, width: Int) {
    #expect(DisplayWidth.of(text) == width)
  }

  @Test("Text that does not fit ends in an ellipsis and never exceeds its columns")
  func fits() {
    #expect(DisplayWidth.fitted("abcdef", to: 6) == "abcdef")
    #expect(DisplayWidth.fitted("abcdef", to: 5) == "abcd…")
    #expect(DisplayWidth.fitted("日本語", to: 5) == "日本…")
    #expect(DisplayWidth.fitted("日本語", to: 4) == "日…")
    #expect(DisplayWidth.fitted("abc", to: 0) == "")
    #expect(DisplayWidth.padded("日本語", to: 4) == "日… ")
    #expect(DisplayWidth.padded("7", to: 3, right: true) == "  7")
  }
}

@Suite("Numbers in columns")
struct HumanTextTests {
  @Test(
    "A span of time takes six columns at most",
    arguments: [
      (0.2, "0.2s"), (14, "14s"), (245, "4m05s"), (8040, "2h14m"), (86_400, "1d00h"),
      (273_600, "3d04h"), (34_560_000, "400d"),
    ])
  func durations(seconds: Double, text: String) {
    #expect(HumanText.duration(seconds) == text)
    #expect(DisplayWidth.of(text) <= 6)
  }

  @Test(
    "No number traps",
    arguments: [Double.nan, .infinity, -.infinity, -1, 1e300, .leastNonzeroMagnitude])
  func anyNumber(value: Double) {
    _ = HumanText.duration(value)
    _ = HumanText.byteRate(value)
    _ = HumanText.milliseconds(value)
    _ = HumanText.timeOfDay(value, secondsFromUTC: 3600)
    _ = HumanText.whole(value, .up)
  }

  @Test("A count that does not fit takes its short form")
  func counts() {
    #expect(HumanText.count(12_041, columns: 7) == "12 041")
    #expect(HumanText.count(1_234_567, columns: 7) == "1.2M")
    #expect(HumanText.milliseconds(nil) == "–")
  }

  @Test("The time of day is that of the place")
  func times() {
    #expect(HumanText.timeOfDay(0, secondsFromUTC: 0) == "00:00:00")
    #expect(HumanText.timeOfDay(0, secondsFromUTC: -3600) == "23:00:00")
    #expect(HumanText.timeOfDay(1_700_000_000, secondsFromUTC: 7200) == "00:13:20")
  }
}

@Suite("Command lines for a shell")
struct ShellTextTests {
  @Test(
    "A word is quoted as little as it needs",
    arguments: [
      ("s-4k2", "s-4k2"), ("", "\"\""), ("good bye", "\"good bye\""), ("it's", "\"it's\""),
      ("$HOME", "'$HOME'"), ("a'b$c", "'a'\\''b$c'"), ("a\nb", "$'a\\nb'"),
      ("\u{1B}[2J", "$'\\x1b[2J'"), ("\u{202E}x", "$'\\xe2\\x80\\xaex'"), ("日 本", "\"日 本\""),
      ("a\\b", "'a\\b'"), ("!x", "'!x'"), ("'\u{7}", "$'\\'\\x07'"),
    ])
  func quotes(word: String, quoted: String) {
    #expect(ShellText.quoted(word) == quoted)
  }

  @Test("For a terminal without UTF-8 the rest stands as bytes")
  func ascii() {
    #expect(ShellText.quoted("é", asciiOnly: true) == "$'\\xc3\\xa9'")
  }
}

@Suite("Bytes as hexadecimal text")
struct HexBytesTests {
  @Test("Digits are read with spaces and colons between bytes")
  func reads() throws {
    #expect(try HexBytes.bytes(from: "00 fF:10\n7a") == [0, 255, 16, 122])
    #expect(try HexBytes.bytes(from: "") == [])
  }

  @Test("What is no byte is refused at its column")
  func refuses() {
    #expect(throws: HexBytes.Problem.notADigit(column: 4)) { try HexBytes.bytes(from: "00 g1") }
    #expect(throws: HexBytes.Problem.oddDigit) { try HexBytes.bytes(from: "001") }
    #expect(throws: HexBytes.Problem.oddDigit) { try HexBytes.bytes(from: "0 0") }
    #expect(throws: HexBytes.Problem.notADigit(column: 1)) { try HexBytes.bytes(from: "１１") }
  }

  @Test(
    "Base 64 is padded (RFC 4648 §10)",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy"),
    ])
  func base64(text: String, encoded: String) {
    #expect(HexBytes.base64(Array(text.utf8)) == encoded)
  }
}

@Suite("Graphs")
struct SparklineTests {
  @Test("A sparkline is scaled to its peak and stands at the right")
  func sparkline() {
    #expect(Sparkline.text([0, 1, 2, 4], columns: 6) == "  ▁▃▅█")
    #expect(Sparkline.text([9, 0, 0], columns: 2) == "▁▁")
    #expect(Sparkline.text([.nan, -1, .infinity], columns: 3) == "▁▁▁")
    #expect(Sparkline.text([1], columns: 0) == "")
  }

  @Test("Little is never drawn as nothing, and nothing is")
  func rows() {
    #expect(Sparkline.rows([0, 0.0001, 8, 16, nil], peak: 16, height: 2) == ["   █ ", " ▁██ "])
    #expect(Sparkline.rows([1], peak: 0, height: 1) == [" "])
  }
}

@Suite("Sizes by powers of two")
struct SizeOctaveTests {
  @Test("Each bucket counts in its power of two; what has no meaning is left out")
  func octaves() throws {
    var sizes = SizeDistribution()
    sizes.buckets = [
      [], [1], [-1, 5], [99_999, 5], [0, 2], [1, 1], [3, -5], [1, 2, 3], [5, 10],
    ]
    #expect(sizes.octaves == [3, 0, 10])
    #expect(SizeDistribution().octaves == [])
    #expect(try statistics().sizesIn.octaves.at(20) == 5)
  }
}

@Suite("Filter text")
struct FilterTextTests {
  @Test(
    "One term is inverted, several are not",
    arguments: [
      ("tls", FilterText.Inversion.inverted("!tls")), ("!tls", .inverted("tls")),
      ("ua~\"a b\"", .inverted("!ua~\"a b\"")), ("", .empty), ("  ", .empty),
      ("tls idle>5m", .severalTerms),
    ])
  func inverts(text: String, result: FilterText.Inversion) {
    #expect(FilterText.inverted(text) == result)
  }
}
