// Rates and shares, both ways.
extension QuantityText {
  /// Reads a rate per second: `5000`, `5000/s`, `0.5/s` or `30/m`.
  public static func perSecond(from text: String) -> Double? {
    var number = text[...]
    var seconds = 1.0
    if number.hasSuffix("/s") {
      number = number.dropLast(2)
    } else if number.hasSuffix("/m") {
      number = number.dropLast(2)
      seconds = 60
    }
    return decimal(number).map { $0 / seconds }
  }

  /// A rate per second that reads back as about the same: `50/s`, `0.25/s`, `20/m`.
  public static func exactPerSecond(_ rate: Double) -> String {
    let hundredths = (rate * 100).rounded()
    let perMinute = (rate * 60).rounded()
    // Rates that come from an engine have four decimals.
    let isPerMinute = abs(hundredths / 100 - rate) > 1e-9 && abs(perMinute / 60 - rate) <= 5e-5
    return isPerMinute ? decimalText(perMinute) + "/m" : decimalText(rate) + "/s"
  }

  /// Reads a share: `20%`, or `0.2`.
  public static func share(from text: String) -> Double? {
    text.hasSuffix("%") ? decimal(text.dropLast()).map { $0 / 100 } : decimal(text[...])
  }

  /// A share in percent: `20%`, `12.5%`.
  public static func exactShare(_ share: Double) -> String { decimalText(share * 100) + "%" }

  private static func decimal(_ text: Substring) -> Double? {
    let isDecimal = text.utf8.allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
    guard isDecimal, !text.isEmpty, let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// A number with at most four decimals, trailing zeros left out.
  private static func decimalText(_ number: Double) -> String {
    guard number.isFinite, abs(number) < 1e12 else { return "0" }
    let scaled = Int((number * 10_000).rounded())
    var decimals = String(scaled.magnitude % 10_000)
    decimals = String(repeating: "0", count: 4 - decimals.count) + decimals
    while decimals.hasSuffix("0") { decimals.removeLast() }
    let whole = "\(scaled < 0 ? "-" : "")\(scaled.magnitude / 10_000)"
    return decimals.isEmpty ? whole : "\(whole).\(decimals)"
  }
}
