/// Numbers in the forms that people read at a glance.
package enum HumanText {
  /// A size: `212 B`, `8.1 KiB`, `64 KiB`, `12.9 MiB`.
  package static func bytes(_ count: Int) -> String {
    bytes(Double(max(count, 0)))
  }

  /// A size that need not be whole.
  package static func bytes(_ count: Double) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
    var value = count.isFinite ? max(count, 0) : 0
    var unit = 0
    while value >= (unit == 0 ? 1023.5 : 999.95), unit < units.count - 1 {
      value /= 1024
      unit += 1
    }
    return (unit == 0 ? String(whole(value)) : short(value)) + " " + units[unit]
  }

  /// A size per second, such as `3.1 MiB/s`.
  package static func byteRate(_ perSecond: Double) -> String {
    bytes(perSecond) + "/s"
  }

  /// A rate or count in at most five characters: `0.3`, `12.1`, `212`, `12.4k`, `3.1M`.
  package static func compact(_ number: Double) -> String {
    var value = number.isFinite ? max(number, 0) : 0
    if value < 99.95 {
      return value == value.rounded() && value < 1 ? String(whole(value)) : oneDecimal(value)
    }
    if value < 999.5 { return String(whole(value)) }
    let units = ["", "k", "M", "G", "T", "P"]
    var unit = 0
    while value >= 999.95, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    return (value < 99.95 ? oneDecimal(value) : String(whole(value))) + units[unit]
  }

  /// A count with its digits in groups of three: `10 431`.
  package static func grouped(_ count: Int) -> String {
    let digits = Array(String(count.magnitude).utf8)
    var result: [UInt8] = count < 0 ? [UInt8(ascii: "-")] : []
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) {
        result.append(UInt8(ascii: " "))
      }
      result.append(digit)
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// A count in groups of three if it fits into the columns, else in the compact form.
  package static func count(_ count: Int, columns: Int) -> String {
    let text = grouped(count)
    return text.utf8.count <= columns ? text : compact(Double(count))
  }

  /// A span of time in at most six characters: `0.2s`, `14s`, `4m05s`, `2h14m`, `3d04h`.
  package static func duration(_ seconds: Double) -> String {
    let value = seconds.isFinite ? max(seconds, 0) : 0
    if value < 0.95 { return oneDecimal(value) + "s" }
    let total = whole(value)
    if total < 60 { return "\(total)s" }
    if total < 3600 { return "\(total / 60)m\(twoDigits(total % 60))s" }
    if total < 86_400 { return "\(total / 3600)h\(twoDigits(total / 60 % 60))m" }
    if total < 86_400 * 100 { return "\(total / 86_400)d\(twoDigits(total / 3600 % 24))h" }
    return "\(total / 86_400)d"
  }

  /// How long an engine has been up: `04:12:33`, `3d 04:12`.
  package static func uptime(_ seconds: Double) -> String {
    let total = whole(max(seconds, 0))
    let hours = twoDigits(total / 3600 % 24)
    let minutes = twoDigits(total / 60 % 60)
    if total < 86_400 { return "\(hours):\(minutes):\(twoDigits(total % 60))" }
    return "\(total / 86_400)d \(hours):\(minutes)"
  }

  /// A round trip: `0.3ms`, `12ms`, `1.2s`; a dash for one that was never measured.
  package static func milliseconds(_ milliseconds: Double?) -> String {
    guard let milliseconds, milliseconds.isFinite else { return "–" }
    let value = max(milliseconds, 0)
    if value < 9.95 { return oneDecimal(value) + "ms" }
    if value < 999.5 { return "\(whole(value))ms" }
    return short(value / 1000) + "s"
  }

  /// The time of day at a moment in seconds since 1970: `04:12:33`.
  package static func timeOfDay(_ seconds: Double, secondsFromUTC: Int) -> String {
    let day = 86_400
    let total = whole(seconds) % day + secondsFromUTC % day
    let time = (total % day + day) % day
    return "\(twoDigits(time / 3600)):\(twoDigits(time / 60 % 60)):\(twoDigits(time % 60))"
  }

  /// A number with one decimal place.
  package static func oneDecimal(_ value: Double) -> String {
    let tenths = whole(value * 10)
    return "\(tenths / 10).\(abs(tenths % 10))"
  }

  /// The nearest whole number, for any number whatever.
  package static func whole(_ value: Double) -> Int {
    guard value.isFinite else { return 0 }
    return Int(min(max(value.rounded(), -9e15), 9e15))
  }

  private static func short(_ value: Double) -> String {
    if value >= 99.95 { return String(whole(value)) }
    if value >= 9.95, abs(value - value.rounded()) < 0.05 { return String(whole(value)) }
    return oneDecimal(value)
  }

  private static func twoDigits(_ value: Int) -> String {
    value < 10 ? "0\(value)" : "\(value)"
  }
}
