import ArgumentParser
import EventLoop
import Glibc
import Vocabulary

/// A moment as it is typed: a span ago, a local date and time, or seconds since 1970.
struct MomentArgument: Equatable {
  /// The moment in seconds since 1970.
  var seconds: Double

  init(argument text: String) throws {
    try self.init(text, now: SystemClock.secondsSince1970())
  }

  /// Parses a moment.
  ///
  /// - Parameter now: the time from which spans count back, in seconds since 1970.
  init(_ text: String, now: Double) throws {
    if let ago = QuantityText.milliseconds(from: text) {
      seconds = now - Double(ago) / 1000
    } else if let number = QuantityText.count(from: text), number >= 100_000_000 {
      seconds = Double(number)
    } else if let local = Self.localTime(text) {
      seconds = local
    } else {
      throw ValidationError(
        "\"\(text)\" is no moment: wants such as 2h (ago), 2026-11-24, 2026-11-24T09:30 or seconds "
          + "since 1970")
    }
  }

  /// A local date, with a time behind `T` or a blank if there is one.
  private static func localTime(_ text: String) -> Double? {
    let shape = #/([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?)?/#
    guard let match = text.wholeMatch(of: shape) else { return nil }
    var parts = tm()
    parts.tm_year = (Int32(match.1) ?? 0) - 1900
    parts.tm_mon = (Int32(match.2) ?? 0) - 1
    parts.tm_mday = Int32(match.3) ?? 0
    parts.tm_hour = match.4.flatMap { Int32($0) } ?? 0
    parts.tm_min = match.5.flatMap { Int32($0) } ?? 0
    parts.tm_sec = match.6.flatMap { Int32($0) } ?? 0
    parts.tm_isdst = -1
    var whole = parts
    let seconds = mktime(&whole)
    // `mktime` normalises the thirtieth of February to the first of March.
    guard seconds != -1, whole.tm_mday == parts.tm_mday, whole.tm_mon == parts.tm_mon,
      (0...23).contains(parts.tm_hour), (0...59).contains(parts.tm_min),
      (0...60).contains(parts.tm_sec)
    else { return nil }
    return Double(seconds)
  }
}
