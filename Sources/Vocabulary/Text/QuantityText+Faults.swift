// What is wrong with a text that is no size, time or count, as the end of an error's sentence.
extension QuantityText {
  /// The cause why a text is no size, with what would be right: `"KB" is no unit: 4kB is 4000B, 4KiB
  /// is 4096B`; nil for a right text, and for one without a number.
  public static func faultOfBytes(_ text: String) -> String? {
    guard bytes(from: text) == nil, let parts = Parts(text) else { return nil }
    let number = parts.number
    if let fault = parts.fault("bytes", bytes) { return fault }
    let unit = parts.unit.lowercased()
    if let prefix = unit.first, "kmgt".contains(prefix),
      ["b", "bit", "byte", "bytes"].contains(
        String(unit.dropFirst()))
    {
      let decimal = prefix == "k" ? "kB" : prefix.uppercased() + "B"
      let binary = prefix.uppercased() + "iB"
      if let one = bytes(from: number + decimal), let other = bytes(from: number + binary) {
        return "\(quoted(parts.unit)) is no unit: \(number)\(decimal) is \(one)B, "
          + "\(number)\(binary) is \(other)B"
      }
    }
    let meant: String? =
      switch unit {
      case "b", "byte", "bytes": "B"
      case "kib", "mib", "gib", "tib": unit.prefix(1).uppercased() + "iB"
      default: nil
      }
    return noUnit(parts, meant, "B k KiB MiB GiB TiB kB MB GB TB", bytes)
  }

  /// The cause why a text is no time, with what would be right: `10 has no unit: 10s, 10m or 10h`;
  /// nil for a right text, and for one without a number.
  public static func faultOfTime(_ text: String) -> String? {
    guard milliseconds(from: text) == nil, let parts = Parts(text) else { return nil }
    let number = parts.number
    if let fault = parts.fault("milliseconds", milliseconds) { return fault }
    guard !parts.unit.isEmpty else {
      return "\(number) has no unit: \(number)ms, \(number)s, \(number)m, \(number)h or \(number)d"
    }
    let meant: String? =
      switch parts.unit.lowercased() {
      case "ms", "msec", "msecs", "millis", "millisecond", "milliseconds": "ms"
      case "s", "sec", "secs", "second", "seconds": "s"
      case "m", "min", "mins", "minute", "minutes": "m"
      case "h", "hr", "hrs", "hour", "hours": "h"
      case "d", "day", "days": "d"
      default: nil
      }
    return noUnit(parts, meant, "ms s m h d", milliseconds)
  }

  /// The cause why a text is no count, with what would be right; nil for a right text, and for one
  /// without a number.
  public static func faultOfCount(_ text: String) -> String? {
    guard count(from: text) == nil, let parts = Parts(text) else { return nil }
    if parts.number == parts.whole, let fault = parts.fault("things", count) { return fault }
    return parts.unit.isEmpty
      ? "a count has digits alone" : "a count has no unit, digits alone such as \(parts.whole)"
  }

  private static func noUnit(
    _ parts: Parts, _ meant: String?, _ units: String, _ read: (String) -> Int?
  ) -> String {
    let right = meant.map { parts.number + $0 }.flatMap { read($0) == nil ? nil : $0 }
    return "\(quoted(parts.unit)) is no unit" + (right.map { ": \($0)" } ?? "; they are \(units)")
  }

  private static func quoted(_ text: String) -> String {
    "\"\(UntrustedText.escaped(text, limit: 32))\""
  }

  /// A text that begins as a quantity does: a number, and whatever stands behind it.
  private struct Parts {
    /// The digits before the point.
    var whole: String
    /// The number as it stands.
    var number: String
    /// The rest without blanks around it.
    var unit: String
    /// Whether the text begins with a sign.
    var isSigned: Bool
    /// Whether there are blanks in the text.
    var hasBlanks: Bool

    /// The parts of a text; nil if no number begins it.
    init?(_ text: String) {
      var rest = text.drop { $0 == " " }
      isSigned = rest.first == "-" || rest.first == "+"
      if isSigned { rest.removeFirst() }
      let digits = rest.prefix { $0.isASCII && $0.isWholeNumber }
      guard !digits.isEmpty, digits.count <= 20 else { return nil }
      whole = String(digits)
      number = whole
      rest = rest[digits.endIndex...]
      if rest.first == "." {
        let fraction = rest.dropFirst().prefix { $0.isASCII && $0.isWholeNumber }
        if !fraction.isEmpty, fraction.count <= 20 {
          number += "." + fraction
          rest = rest[fraction.endIndex...]
        }
      }
      hasBlanks = text.contains(" ")
      var words = rest.drop { $0 == " " }
      while words.last == " " { words.removeLast() }
      unit = String(words)
    }

    /// The fault of a text whose unit is right: its sign, a blank, or an amount that cannot be.
    func fault(_ things: String, _ read: (String) -> Int?) -> String? {
      let isRight = read(number + unit) != nil
      if isRight, isSigned { return "it has no sign: \(number)\(unit)" }
      if isRight, hasBlanks { return "it has no blanks: \(number)\(unit)" }
      guard !isRight, read("1" + unit) != nil else { return nil }
      return number == whole ? "it is too large" : "it comes to no whole \(things)"
    }
  }
}
