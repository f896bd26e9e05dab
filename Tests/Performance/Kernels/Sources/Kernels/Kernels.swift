import WebSocketProtocol

/// The kernels that every payload byte passes: masking and the check of UTF-8, in GB/s.
///
/// usage: swift run -c release --package-path Tests/Performance/Kernels
@main
enum Kernels {
  static func main() {
    print(column("kernel", 26), column("bytes", 10), "GB/s", separator: " ")
    for byteCount in [1 << 10, 64 << 10, 1 << 20] {
      var bytes = Array(repeating: UInt8(ascii: "a"), count: byteCount)
      report("masking, in place", byteCount) {
        var span = bytes.mutableSpan
        Masking.apply(key: 0x0102_0304, to: &span, in: 0..<byteCount)
      }
      let ascii = Array(repeating: UInt8(ascii: "a"), count: byteCount)
      report("UTF-8, ASCII", byteCount) { check(ascii) }
      let mixed = text(of: "Grüße an Zoë, ça va? Да, 日本語もあります 🎉. ", byteCount: byteCount)
      report("UTF-8, mixed", mixed.count) { check(mixed) }
    }
  }

  private static func check(_ bytes: [UInt8]) {
    guard UTF8Validator.isValid(bytes.span) else { fatalError("the sample is UTF-8") }
  }

  /// As many whole repetitions as fit.
  private static func text(of sample: String, byteCount: Int) -> [UInt8] {
    let unit = Array(sample.utf8)
    return Array((0..<max(1, byteCount / unit.count)).map { _ in unit }.joined())
  }

  /// The best of ten runs of 50 ms: what the processor can do when nothing else runs.
  private static func report(_ name: String, _ byteCount: Int, _ body: () -> Void) {
    let clock = ContinuousClock()
    var best = 0.0
    for _ in 0..<10 {
      var count = 0
      let start = clock.now
      repeat {
        for _ in 0..<16 { body() }
        count += 16
      } while start.duration(to: clock.now) < .milliseconds(50)
      let seconds = start.duration(to: clock.now) / .seconds(1)
      best = max(best, Double(count * byteCount) / seconds / 1e9)
    }
    let tenths = Int((best * 10).rounded())
    print(column(name, 26), column("\(byteCount)", 10), "\(tenths / 10).\(tenths % 10)")
  }

  private static func column(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
