import Testing
import Vocabulary

@Suite("What is wrong with sizes, times and counts")
struct QuantityFaultTests {
  @Test(
    "A size's fault names what would be right",
    arguments: [
      ("4KB", "\"KB\" is no unit: 4kB is 4000B, 4KiB is 4096B"),
      ("4mb", "\"mb\" is no unit: 4MB is 4000000B, 4MiB is 4194304B"),
      ("4kib", "\"kib\" is no unit: 4KiB"), ("4bytes", "\"bytes\" is no unit: 4B"),
      ("4x", "\"x\" is no unit; they are B k KiB MiB GiB TiB kB MB GB TB"),
      ("4 KiB", "it has no blanks: 4KiB"), ("-4KiB", "it has no sign: 4KiB"),
      ("1.3k", "it comes to no whole bytes"), ("8388608TiB", "it is too large"),
      ("64KiB", nil), ("lots", nil), ("", nil), ("\u{1B}[2J", nil),
    ] as [(String, String?)])
  func bytes(text: String, fault: String?) {
    #expect(QuantityText.faultOfBytes(text) == fault)
  }

  @Test(
    "A time's fault names what would be right",
    arguments: [
      ("10", "10 has no unit: 10ms, 10s, 10m, 10h or 10d"),
      ("1.5", "1.5 has no unit: 1.5ms, 1.5s, 1.5m, 1.5h or 1.5d"),
      ("5min", "\"min\" is no unit: 5m"), ("5 minutes", "\"minutes\" is no unit: 5m"),
      ("2S", "\"S\" is no unit: 2s"), ("1w", "\"w\" is no unit; they are ms s m h d"),
      ("1m30s", "\"m30s\" is no unit; they are ms s m h d"), ("-1s", "it has no sign: 1s"),
      ("10 s", "it has no blanks: 10s"), ("0.5ms", "it comes to no whole milliseconds"),
      ("9223372036854775807s", "it is too large"), ("10s", nil), ("soon", nil),
      ("1\u{1B}", "\"\\u{1b}\" is no unit; they are ms s m h d"),
    ] as [(String, String?)])
  func time(text: String, fault: String?) {
    #expect(QuantityText.faultOfTime(text) == fault)
  }

  @Test(
    "A count's fault names what would be right",
    arguments: [
      ("10k", "a count has no unit, digits alone such as 10"), ("-1", "it has no sign: 1"),
      ("1.5", "a count has digits alone"), ("9223372036854775808", "it is too large"),
      ("10", nil), ("many", nil),
    ] as [(String, String?)])
  func count(text: String, fault: String?) {
    #expect(QuantityText.faultOfCount(text) == fault)
  }
}
