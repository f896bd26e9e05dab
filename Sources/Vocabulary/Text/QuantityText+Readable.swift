extension QuantityText {
  /// A size for people, to two or three figures: `20 B`, `8.1 KiB`, `812 KiB`, `12.9 MiB`.
  public static func readableBytes(_ count: Int) -> String {
    guard count >= 1024 else { return "\(max(count, 0)) B" }
    return readableBytes(Double(count))
  }

  /// A size or a rate of bytes for people: `0 B`, `3.1 MiB`; `–` if it is not finite or 10²¹ and
  /// more.
  public static func readableBytes(_ amount: Double) -> String {
    guard amount.isFinite, amount < greatest else { return "–" }
    var rest = max(amount, 0)
    if rest.rounded() < 1024 { return "\(Int(rest.rounded())) B" }
    var unit = ""
    // A value that rounds to 1024 of one unit is shown as 1.0 of the next.
    for name in ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] where unit.isEmpty || rest >= 1023.5 {
      rest /= 1024
      unit = name
    }
    // KiB stay short, since most message sizes are in KiB; from MiB the tenths carry information.
    let text = rest < (unit == "KiB" ? 9.95 : 99.95) ? tenths(rest) : whole(rest)
    return "\(text) \(unit)"
  }

  /// A count for people, its digits in groups of three: `10 431`.
  public static func readableCount(_ count: Int) -> String {
    let digits = Array(String(count.magnitude).utf8)
    var text = count < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text += " " }
      text.unicodeScalars.append(Unicode.Scalar(digit))
    }
    return text
  }

  /// A count or rate for people in at most five columns: `0`, `0.3`, `12.1`, `431`, `12.4k`,
  /// `1.2M`.
  public static func shortCount(_ amount: Double) -> String {
    guard amount.isFinite, amount < greatest else { return "–" }
    var rest = max(amount, 0)
    if rest == 0 { return "0" }
    if rest < 999.5 { return rest < 99.95 ? tenths(rest) : whole(rest) }
    var unit = ""
    for name in ["k", "M", "G", "T", "P", "E"] where unit.isEmpty || rest >= 999.5 {
      rest /= 1000
      unit = name
    }
    return (rest < 99.95 ? tenths(rest) : whole(rest)) + unit
  }

  /// A whole number for people in at most five columns: `12`, `431`, `12.4k`.
  public static func shortCount(_ count: Int) -> String {
    (0..<1000).contains(count) ? String(count) : shortCount(Double(count))
  }

  /// A span of time for people: `0.2s`, `14s`, `5m04s`, `2h14m`, `3d 04:12`.
  public static func readableDuration(seconds: Double) -> String {
    guard seconds.isFinite else { return "–" }
    let clamped = min(max(seconds, 0), 1e15)
    if clamped < 0.95 { return tenths(clamped) + "s" }
    // Units count once they are complete, as on a clock: 59.9 seconds are not yet a minute.
    let total = Int(max(clamped, 1))
    let (minutes, hours, days) = (total / 60 % 60, total / 3600 % 24, total / 86_400)
    if total < 60 { return "\(total)s" }
    if total < 3600 { return "\(minutes)m\(twoDigits(total % 60))s" }
    if days == 0 { return "\(hours)h\(twoDigits(minutes))m" }
    return "\(days)d \(twoDigits(hours)):\(twoDigits(minutes))"
  }

  /// A short time for people, such as a round trip: `0.4ms`, `12ms`, `1.2s`.
  public static func readableMilliseconds(_ milliseconds: Double) -> String {
    guard milliseconds.isFinite else { return "–" }
    let clamped = max(milliseconds, 0)
    if clamped < 9.95 { return tenths(clamped) + "ms" }
    if clamped < 999.5 { return whole(clamped) + "ms" }
    if clamped < 9950 { return tenths(clamped / 1000) + "s" }
    return readableDuration(seconds: clamped / 1000)
  }

  /// The bound from which on an amount is no size or count that anything could have.
  private static let greatest = 1e21

  private static func tenths(_ amount: Double) -> String {
    let tenths = Int((amount * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  private static func whole(_ amount: Double) -> String {
    String(Int(amount.rounded()))
  }

  private static func twoDigits(_ number: Int) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }
}
