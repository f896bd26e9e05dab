import Testing
import Vocabulary

@Suite("Quantities for people")
struct ReadableQuantityTests {
  @Test(
    "Sizes",
    arguments: [
      (0, "0 B"), (-5, "0 B"), (20, "20 B"), (1023, "1023 B"), (1024, "1.0 KiB"),
      (8294, "8.1 KiB"), (10_188, "9.9 KiB"), (10_200, "10 KiB"), (65_536, "64 KiB"),
      (831_488, "812 KiB"), (1_048_063, "1023 KiB"), (1_048_575, "1.0 MiB"),
      (1 << 20, "1.0 MiB"), (3_250_586, "3.1 MiB"), (13_526_630, "12.9 MiB"),
      (500 << 20, "500 MiB"), (1 << 30, "1.0 GiB"), (1 << 44, "16.0 TiB"),
      (Int.max, "8.0 EiB"),
    ] as [(Int, String)])
  func bytes(count: Int, expected: String) {
    #expect(QuantityText.readableBytes(count) == expected)
  }

  @Test(
    "Rates of bytes",
    arguments: [(0.0, "0 B"), (0.4, "0 B"), (1023.7, "1.0 KiB"), (-.infinity, "–"), (.nan, "–")]
      as [(Double, String)])
  func byteRates(amount: Double, expected: String) {
    #expect(QuantityText.readableBytes(amount) == expected)
  }

  @Test(
    "Counts in groups of three",
    arguments: [
      (0, "0"), (999, "999"), (1000, "1 000"), (10_431, "10 431"), (182_004, "182 004"),
      (1_000_000, "1 000 000"), (-1234, "-1 234"), (Int.min, "-9 223 372 036 854 775 808"),
    ] as [(Int, String)])
  func counts(count: Int, expected: String) {
    #expect(QuantityText.readableCount(count) == expected)
  }

  @Test(
    "Rates in five columns",
    arguments: [
      (0.0, "0"), (0.3, "0.3"), (12.1, "12.1"), (99.94, "99.9"), (99.96, "100"), (431, "431"),
      (999.4, "999"), (999.6, "1.0k"), (12_400, "12.4k"), (48_000, "48.0k"), (431_000, "431k"),
      (999_600, "1.0M"), (1_234_567, "1.2M"), (-3, "0"), (.infinity, "–"), (1e300, "–"),
    ] as [(Double, String)])
  func shortRates(amount: Double, expected: String) {
    #expect(QuantityText.shortCount(amount) == expected)
  }

  @Test(
    "Whole numbers stay whole",
    arguments: [(0, "0"), (12, "12"), (999, "999"), (1000, "1.0k")] as [(Int, String)])
  func shortCounts(count: Int, expected: String) {
    #expect(QuantityText.shortCount(count) == expected)
  }

  @Test(
    "Spans of time",
    arguments: [
      (0.0, "0.0s"), (0.2, "0.2s"), (0.94, "0.9s"), (0.96, "1s"), (4.9, "4s"), (14, "14s"),
      (59.9, "59s"), (60, "1m00s"), (304, "5m04s"), (3599, "59m59s"), (3600, "1h00m"),
      (8040, "2h14m"), (86_399, "23h59m"), (86_400, "1d 00:00"), (274_320, "3d 04:12"),
      (-1, "0.0s"), (.nan, "–"), (.infinity, "–"), (1e300, "11574074074d 01:46"),
    ] as [(Double, String)])
  func durations(seconds: Double, expected: String) {
    #expect(QuantityText.readableDuration(seconds: seconds) == expected)
  }

  @Test(
    "Round trips",
    arguments: [
      (0.0, "0.0ms"), (0.44, "0.4ms"), (9.94, "9.9ms"), (12, "12ms"), (88.4, "88ms"),
      (999.4, "999ms"), (999.6, "1.0s"), (1234, "1.2s"), (20_000, "20s"), (.nan, "–"),
    ] as [(Double, String)])
  func roundTrips(milliseconds: Double, expected: String) {
    #expect(QuantityText.readableMilliseconds(milliseconds) == expected)
  }
}
