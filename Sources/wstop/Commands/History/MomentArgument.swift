import ArgumentParser
import EventLoop
import Glibc
import Vocabulary

/// A moment as it is typed: a span ago, a local day by its name or date, perhaps with a time, or
/// seconds since 1970.
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
    } else if let local = Self.localTime(Self.dated(text, now: now)) {
      // The last such day is a week before, where its time of today is still to come.
      let isAhead = local > now && Self.weekday(in: text) != nil
      seconds =
        isAhead ? Self.localTime(Self.dated(text, now: now, weeksAgo: 1)) ?? local : local
    } else {
      throw ValidationError(
        "\"\(UntrustedText.escaped(text, limit: 64))\" is no moment: wants such as 2h (ago), "
          + "\(Self.examples) or seconds since 1970"
          + (QuantityText.faultOfTime(text).map { "; \($0)" } ?? ""))
    }
  }

  /// Moments that are right, for errors and help.
  static let examples = "today, yesterday, monday, yesterday 09:30, 2026-11-24, 2026-11-24T09:30"

  private static let weekdays = [
    "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
  ]

  /// The day of the week that a text begins with; three letters are enough: `mon`.
  private static func weekday(in text: String) -> Int? {
    let name = text.prefix { $0.isLetter }.lowercased()
    return name.count < 3 ? nil : weekdays.firstIndex { $0.hasPrefix(name) }
  }

  /// The text with the date of a day that it names: today, yesterday, or the last such day of the
  /// week, which today is one of.
  private static func dated(_ text: String, now: Double, weeksAgo: Int = 0) -> String {
    let word = text.prefix { $0.isLetter }
    let name = word.lowercased()
    var time = time_t(exactly: now.rounded(.down)) ?? 0
    var day = tm()
    localtime_r(&time, &day)
    let daysAgo: Int
    switch name {
    case "today": daysAgo = 0
    case "yesterday": daysAgo = 1
    default:
      guard let index = weekday(in: text) else { return text }
      daysAgo = (Int(day.tm_wday) - index + 7) % 7 + 7 * weeksAgo
    }
    // Noon is that of the same day, whenever clocks are put forward or back.
    day.tm_mday -= Int32(daysAgo)
    day.tm_hour = 12
    day.tm_isdst = -1
    guard mktime(&day) != -1 else { return text }
    func padded(_ number: Int32, _ count: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }
    return padded(day.tm_year + 1900, 4) + "-" + padded(day.tm_mon + 1, 2) + "-"
      + padded(day.tm_mday, 2) + text[word.endIndex...]
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
