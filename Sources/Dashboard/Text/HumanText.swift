import Vocabulary

/// Numbers in forms of a bounded width, for columns; the forms themselves are `QuantityText`'s.
package enum HumanText {
  /// A size per second, such as `3.1 MiB/s`.
  package static func byteRate(_ perSecond: Double) -> String {
    QuantityText.readableBytes(perSecond) + "/s"
  }

  /// A count in groups of three if it fits into the columns, else in the short form.
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

  /// The time of day at a moment in seconds since 1970: `04:12:33`.
  package static func timeOfDay(_ seconds: Double, secondsFromUTC: Int) -> String {
    let day = 86_400
    let total = whole(seconds, .down) % day + secondsFromUTC % day
    let time = (total % day + day) % day
    return "\(twoDigits(time / 3600)):\(twoDigits(time / 60 % 60)):\(twoDigits(time % 60))"
  }

  /// A whole number near any number whatever.
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
