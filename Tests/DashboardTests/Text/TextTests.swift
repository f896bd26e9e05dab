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

@Suite("Texts that are cut")
struct CutTextTests {
  @Test("An address keeps both its ends, a number is whole or not there")
  func cut() {
    let address = "[2001:db8:85a3::8a2e:370:7334]:50000"
    #expect(DisplayWidth.fittedInMiddle(address, to: 20) == "[2001:db8:…34]:50000")
    #expect(DisplayWidth.fittedInMiddle(address, to: 40) == address)
    #expect(DisplayWidth.fittedInMiddle("日本語日本語", to: 7) == "日本…語")
    #expect(DisplayWidth.number("12 345", to: 6) == "12 345")
    #expect(DisplayWidth.number("12 345", to: 5) == "    …")
  }

  @Test("Lines are broken at blanks, long words anywhere, and what is too much is marked")
  func wrapped() {
    #expect(WrappedText.lines("one two three", columns: 8) == ["one two", "three"])
    #expect(WrappedText.lines("abcdefghijkl mn", columns: 8) == ["abcdefgh", "ijkl mn"])
    #expect(WrappedText.lines("", columns: 8) == [])
    let long = WrappedText.lines(
      String(repeating: "x", count: 100_000), columns: 8, maximumCount: 2)
    #expect(long == ["xxxxxxxx", "xxxxxxx…"])
  }
}
