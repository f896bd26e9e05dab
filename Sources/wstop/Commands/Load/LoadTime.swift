import ArgumentParser
import EventLoop
import Vocabulary

/// Spans of time on the command line.
enum LoadTime {
  static let hour = Duration.seconds(3600)
  static let day = Duration.seconds(24 * 3600)

  /// Parses a span within a range.
  static func duration(
    _ text: String, of option: String, in range: ClosedRange<Duration>
  ) throws -> Duration {
    guard let milliseconds = QuantityText.milliseconds(from: text),
      range.contains(.milliseconds(milliseconds))
    else {
      let (least, most) = (Self.text(range.lowerBound), Self.text(range.upperBound))
      throw ValidationError(
        "\(option) \(UntrustedText.escaped(text)): wants a time such as 10s, \(least) to \(most)"
          + (QuantityText.faultOfTime(text).map { "; \($0)" } ?? ""))
    }
    return .milliseconds(milliseconds)
  }

  private static func text(_ duration: Duration) -> String {
    duration == .zero
      ? "0s" : QuantityText.exactMilliseconds(Int(duration.wholeNanoseconds / 1_000_000))
  }
}
