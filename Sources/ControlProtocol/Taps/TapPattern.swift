/// The text of a tap's filter as a person writes it: `order` for messages with it, `!order` for those
/// without, and `\!order` for an exclamation mark at the start.
///
/// One backslash is dropped where backslashes stand before an exclamation mark at the start; every
/// other character is meant as it is.
public struct TapPattern: Equatable, Sendable {
  /// The text that messages have, or do not have; empty: it is not looked at.
  public let text: String
  /// Whether messages without the text are meant.
  public let isNegated: Bool

  /// The meaning of what was written.
  public init(_ written: String) {
    if written.hasPrefix("!") {
      text = String(written.dropFirst())
      isNegated = true
    } else {
      let isEscaped = written.hasPrefix("\\") && written.drop { $0 == "\\" }.hasPrefix("!")
      text = isEscaped ? String(written.dropFirst()) : written
      isNegated = false
    }
  }
}
