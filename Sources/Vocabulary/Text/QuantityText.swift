/// Sizes, times and counts as text, both ways.
///
/// A text is read exactly or refused: no signs, no spaces, no rounding. The forms for people are in
/// `QuantityText+Readable.swift`.
public enum QuantityText {
  /// Reads a count: decimal digits only.
  public static func count(from text: String) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int(text)
  }

  /// Reads a size in bytes: `1048576`, `64k`, `64KiB`, `1MiB`, `1.5MiB`, `1MB`.
  ///
  /// `k`, `K`, `KiB` and so on up to `TiB` are powers of 1024; `kB`, `MB`, `GB` and `TB` powers of
  /// 1000. A decimal fraction must come to whole bytes.
  public static func bytes(from text: String) -> Int? {
    quantity(from: text) { unit in
      switch unit {
      case "", "B": 1
      case "k", "K", "KiB": 1 << 10
      case "m", "M", "MiB": 1 << 20
      case "g", "G", "GiB": 1 << 30
      case "t", "T", "TiB": 1 << 40
      case "kB": 1000
      case "MB": 1_000_000
      case "GB": 1_000_000_000
      case "TB": 1_000_000_000_000
      default: nil
      }
    }
  }

  /// Reads a time in milliseconds: `250ms`, `10s`, `1.5s`, `5m`, `2h`, `1d`; a unit is required.
  ///
  /// A decimal fraction must come to whole milliseconds.
  public static func milliseconds(from text: String) -> Int? {
    quantity(from: text) { unit in
      switch unit {
      case "ms": 1
      case "s": 1000
      case "m": 60_000
      case "h": 3_600_000
      case "d": 86_400_000
      default: nil
      }
    }
  }

  /// A size in the largest unit that divides it: `64KiB`, `1MiB`, `1000B`.
  public static func exactBytes(_ count: Int) -> String {
    exact(count, [(1 << 40, "TiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")], "B")
  }

  /// A time in the largest unit that divides it: `10s`, `250ms`, `5m`.
  public static func exactMilliseconds(_ milliseconds: Int) -> String {
    exact(
      milliseconds, [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s")], "ms")
  }

  private static func exact(
    _ amount: Int, _ units: [(size: Int, name: String)], _ least: String
  ) -> String {
    guard amount != 0, let unit = units.first(where: { amount.isMultiple(of: $0.size) }) else {
      return "\(amount)\(least)"
    }
    return "\(amount / unit.size)\(unit.name)"
  }

  /// Reads digits, perhaps a point and digits, and a unit whose multiplier the caller knows.
  private static func quantity(from text: String, multiplier: (Substring) -> UInt64?) -> Int? {
    var rest = text[...]
    guard let whole = takeDigits(from: &rest) else { return nil }
    var digits = whole
    var scale: UInt64 = 1
    if rest.first == "." {
      rest.removeFirst()
      guard let fraction = takeDigits(from: &rest) else { return nil }
      digits += fraction
      for _ in fraction {
        let (product, overflow) = scale.multipliedReportingOverflow(by: 10)
        guard !overflow else { return nil }
        scale = product
      }
    }
    // Units are checked by their bytes: for `==` the Kelvin sign is a K.
    guard rest.utf8.allSatisfy({ $0 < 0x80 }), let number = UInt64(digits),
      let multiplier = multiplier(rest)
    else { return nil }
    // Two 64-bit factors cannot overflow 128 bits, so only the result's range is to be checked.
    let (quotient, remainder) =
      (UInt128(number) * UInt128(multiplier)).quotientAndRemainder(dividingBy: UInt128(scale))
    return remainder == 0 ? Int(exactly: quotient) : nil
  }

  private static func takeDigits(from rest: inout Substring) -> Substring? {
    let digits = rest.prefix { $0.isASCII && $0.isWholeNumber }
    rest = rest[digits.endIndex...]
    return digits.isEmpty ? nil : digits
  }
}
