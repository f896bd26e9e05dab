/// The query of a request, read when it is asked for.
///
/// It is read as browsers write forms: `name=value` between `&`, `+` for a space, percent-encoded.
/// Nothing in a query is an error: a `%` without two digits stands for itself, and bytes that are
/// not UTF-8 become U+FFFD.
public struct QueryParameters: Hashable, Sendable {
  /// One pair.
  public struct Item: Hashable, Sendable {
    /// The name, decoded.
    public let name: String
    /// The value, decoded; empty if there is no `=`.
    public let value: String
  }

  /// The query as it was sent, without its question mark; nil if there is no question mark.
  public let raw: String?

  /// A query as it was sent.
  public init(raw: String?) {
    self.raw = raw
  }

  /// The pairs, in their order; empty ones are left out.
  ///
  /// - Complexity: O(length of the query), at each call.
  public var items: [Item] {
    pairs.map { pair in
      let (name, value) = Self.split(pair)
      return Item(name: Self.decoded(name), value: Self.decoded(value))
    }
  }

  /// The value of the first pair of a name, or nil.
  ///
  /// - Complexity: O(length of the query)
  public subscript(name: String) -> String? {
    for pair in pairs {
      let (candidate, value) = Self.split(pair)
      if Self.decoded(candidate).utf8.elementsEqual(name.utf8) { return Self.decoded(value) }
    }
    return nil
  }

  /// The values of all pairs of a name, in their order.
  ///
  /// - Complexity: O(length of the query)
  public func values(of name: String) -> [String] {
    items.filter { $0.name.utf8.elementsEqual(name.utf8) }.map(\.value)
  }

  private var pairs: [Substring.UTF8View] {
    (raw ?? "").utf8.split(separator: UInt8(ascii: "&"))
  }

  private static func split(
    _ pair: Substring.UTF8View
  ) -> (name: Substring.UTF8View, value: Substring.UTF8View) {
    guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else {
      return (pair, pair[pair.endIndex...])
    }
    return (pair[..<equals], pair[pair.index(after: equals)...])
  }

  private static func decoded(_ text: Substring.UTF8View) -> String {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(text.count)
    var rest = text
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+"):
        decoded.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        let digits = rest.prefix(2).compactMap(hexadecimalValue)
        if digits.count == 2 {
          decoded.append(digits[0] << 4 | digits[1])
          rest = rest.dropFirst(2)
        } else {
          decoded.append(byte)
        }
      default:
        decoded.append(byte)
      }
    }
    return String(decoding: decoded, as: UTF8.self)
  }

  private static func hexadecimalValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
