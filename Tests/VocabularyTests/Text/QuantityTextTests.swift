import Testing
import Vocabulary

@Suite("Sizes, times and counts as text")
struct QuantityTextTests {
  @Test(
    "A size takes the units of 1024 and of 1000",
    arguments: [
      ("0", 0), ("1048576", 1_048_576), ("007", 7), ("20B", 20), ("64k", 65_536), ("64K", 65_536),
      ("64KiB", 65_536), ("64kB", 64_000), ("1m", 1 << 20), ("1M", 1 << 20), ("1MiB", 1 << 20),
      ("1MB", 1_000_000), ("2g", 2 << 30), ("2G", 2 << 30), ("2GiB", 2 << 30),
      ("2GB", 2_000_000_000), ("1t", 1 << 40), ("1TiB", 1 << 40), ("1TB", 1_000_000_000_000),
      ("1.5MiB", 1_572_864), ("0.5k", 512), ("1.0", 1), ("0.0009765625k", 1),
      ("9223372036854775807", Int.max),
    ] as [(String, Int)])
  func bytes(text: String, expected: Int) {
    #expect(QuantityText.bytes(from: text) == expected)
  }

  @Test(
    "What is no exact size is refused",
    arguments: [
      "", "k", "-1", "+1", " 1", "1 ", "1 k", "1kb", "1kib", "1Kb", "1KB", "1e3", "0x10", "1_000",
      "1,5k", ".5k", "1.k", "1.5", "1.3k", "1.5.0k", "abc", "1MiBs", "٣", "1\u{301}", "1\u{212A}",
      "1\u{212A}iB",
      "9223372036854775808", "99999999999999999999", "8388608TiB", "9007199254740992k",
      "1.00000000000000000000k",
    ])
  func badBytes(text: String) {
    #expect(QuantityText.bytes(from: text) == nil)
  }

  @Test(
    "A time needs a unit",
    arguments: [
      ("250ms", 250), ("10s", 10_000), ("1.5s", 1500), ("5m", 300_000), ("2h", 7_200_000),
      ("1d", 86_400_000), ("0s", 0), ("0.001s", 1), ("0.5m", 30_000),
    ] as [(String, Int)])
  func milliseconds(text: String, expected: Int) {
    #expect(QuantityText.milliseconds(from: text) == expected)
  }

  @Test(
    "What is no exact time is refused",
    arguments: [
      "", "10", "0", "s", "-1s", "10 s", "10S", "10sec", "1m30s", "0.5ms", "1.0005s", "1w",
      "9223372036854775807s",
    ])
  func badMilliseconds(text: String) {
    #expect(QuantityText.milliseconds(from: text) == nil)
  }

  @Test("A count is digits only", arguments: ["", "-1", "+1", "1k", "1.0", " 1", "٣"])
  func badCount(text: String) {
    #expect(QuantityText.count(from: text) == nil)
    #expect(QuantityText.count(from: "100000") == 100_000)
  }

  @Test(
    "The exact form of a size has the largest unit that divides it",
    arguments: [
      (0, "0B"), (1, "1B"), (1000, "1000B"), (1023, "1023B"), (1024, "1KiB"), (1025, "1025B"),
      (65_536, "64KiB"), (1 << 20, "1MiB"), (3 << 19, "1536KiB"), (1 << 30, "1GiB"),
      (1 << 40, "1TiB"), (1 << 44, "16TiB"), (Int.max, "9223372036854775807B"),
    ] as [(Int, String)])
  func exactBytes(count: Int, expected: String) {
    #expect(QuantityText.exactBytes(count) == expected)
    #expect(QuantityText.bytes(from: expected) == count)
  }

  @Test(
    "The exact form of a time has the largest unit that divides it",
    arguments: [
      (0, "0ms"), (250, "250ms"), (1000, "1s"), (1500, "1500ms"), (10_000, "10s"),
      (90_000, "90s"), (300_000, "5m"), (7_200_000, "2h"), (604_800_000, "7d"),
    ] as [(Int, String)])
  func exactMilliseconds(count: Int, expected: String) {
    #expect(QuantityText.exactMilliseconds(count) == expected)
    #expect(QuantityText.milliseconds(from: expected) == count)
  }
}
