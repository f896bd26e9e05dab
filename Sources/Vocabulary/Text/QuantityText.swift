/// Sizes, times and counts as text, both ways.
public enum QuantityText {
  /// Reads a count: decimal digits only.
  public static func count(from text: String) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int(text)
  }

  /// Reads a size in bytes: `1048576`, `64k`, `64KiB`, `1MiB`, `1.5MiB`, `1MB`.
  public static func bytes(from text: String) -> Int? { count(from: text) }

  /// Reads a time in milliseconds: `250ms`, `10s`, `1.5s`, `5m`, `2h`, `1d`; a unit is required.
  public static func milliseconds(from text: String) -> Int? { count(from: text) }

  /// A size in the largest unit that divides it: `64KiB`, `1MiB`, `1000B`.
  public static func exactBytes(_ count: Int) -> String { "\(count)B" }

  /// A time in the largest unit that divides it: `10s`, `250ms`, `5m`.
  public static func exactMilliseconds(_ milliseconds: Int) -> String { "\(milliseconds)ms" }
}
