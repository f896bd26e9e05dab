import Vocabulary

/// Numbers in forms of a bounded width, for columns, by `QuantityText`.
package enum HumanText {
  /// A size per second, such as `3.1 MiB/s`.
  package static func byteRate(_ perSecond: Double) -> String {
    QuantityText.readableBytes(perSecond) + "/s"
  }

  /// A count in groups of three if that fits into the columns, else in the short form.
  package static func count(_ count: Int, columns: Int) -> String {
    let text = QuantityText.readableCount(count)
    return text.utf8.count <= columns ? text : QuantityText.shortCount(count)
  }

  /// A span of time in at most six characters: `0.2s`, `14s`, `4m05s`, `2h14m`, `3d04h`, `400d`.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 86_400 else {
      return QuantityText.readableDuration(seconds: seconds)
    }
    let hours = whole(min(seconds, 8e9) / 3600, .down)
    let days = hours / 24
    return days < 100 ? "\(days)d\(twoDigits(hours % 24))h" : "\(days)d"
  }

  /// A round trip, such as `12ms`; a dash for one that was never measured.
  package static func milliseconds(_ milliseconds: Double?) -> String {
    milliseconds.map { QuantityText.readableMilliseconds($0) } ?? "–"
  }

  /// The local time of day at a moment in seconds since 1970.
  package static func timeOfDay(_ seconds: Double, _ local: UTCOffsets) -> String {
    timeOfDay(seconds, secondsFromUTC: local.seconds(at: seconds))
  }

  /// The local day and time at a moment in seconds since 1970.
  package static func dayAndTime(_ seconds: Double, _ local: UTCOffsets) -> String {
    dayAndTime(seconds, secondsFromUTC: local.seconds(at: seconds))
  }

  /// The time of day at a moment in seconds since 1970: `04:12:33`.
  package static func timeOfDay(_ seconds: Double, secondsFromUTC: Int) -> String {
    let day = 86_400
    let total = whole(seconds, .down) % day + secondsFromUTC % day
    let time = (total % day + day) % day
    return "\(twoDigits(time / 3600)):\(twoDigits(time / 60 % 60)):\(twoDigits(time % 60))"
  }

  /// Day and time at a moment in seconds since 1970: `11-24 04:12:33`.
  package static func dayAndTime(_ seconds: Double, secondsFromUTC: Int) -> String {
    let days = whole((finite(seconds) + Double(secondsFromUTC % 86_400)) / 86_400, .down)
    let (month, day) = monthAndDay(ofDay: days)
    return "\(twoDigits(month))-\(twoDigits(day)) "
      + timeOfDay(seconds, secondsFromUTC: secondsFromUTC)
  }

  /// A finite number of seconds near a number.
  private static func finite(_ seconds: Double) -> Double { Double(whole(seconds, .down)) }

  /// Month and day of the nth day since 1970, in the Gregorian calendar.
  ///
  /// Years begin in March here, so that a leap day is the last; 400 years always have the same
  /// number of days.
  private static func monthAndDay(ofDay day: Int) -> (month: Int, day: Int) {
    let era = 146_097
    let shifted = day % era + 719_468
    let dayOfEra = (shifted % era + era) % era
    let year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
    let month = (5 * dayOfYear + 2) / 153
    return (month < 10 ? month + 3 : month - 9, dayOfYear - (153 * month + 2) / 5 + 1)
  }

  /// A whole number near any number, infinite and NaN included.
  package static func whole(
    _ value: Double, _ rule: FloatingPointRoundingRule = .toNearestOrAwayFromZero
  ) -> Int {
    guard value.isFinite else { return 0 }
    return Int(min(max(value.rounded(rule), -9e15), 9e15))
  }

  private static func twoDigits(_ value: Int) -> String {
    value < 10 ? "0\(value)" : "\(value)"
  }
}
