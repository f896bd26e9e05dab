internal import Vocabulary

/// The order that a query asks for: `sort=KEY`, or `sort=-KEY` for the greatest first, and
/// `order=asc|desc`.
struct QueryOrder<Key: RawRepresentable & CaseIterable> where Key.RawValue == String {
  /// The column to sort by.
  var key: Key
  /// Whether the greatest comes first; nil: as the column has it by default.
  var isDescending: Bool?

  /// Reads the fields of a query.
  init(sort: String?, order: String?, default fallback: Key) throws(ControlError) {
    let isPrefixed = sort?.hasPrefix("-") ?? false
    key = fallback
    if let sort {
      guard let named = Key(rawValue: isPrefixed ? String(sort.dropFirst()) : sort) else {
        throw Self.invalid(
          "sort is one of " + Key.allCases.map(\.rawValue).joined(separator: " ")
            + ", with - in front for the greatest first")
      }
      key = named
    }
    switch order {
    case nil: isDescending = isPrefixed ? true : nil
    case "desc": isDescending = true
    case "asc" where !isPrefixed: isDescending = false
    case "asc": throw Self.invalid("order=asc contradicts the - before the sort key")
    default: throw Self.invalid("order is asc or desc")
    }
  }

  /// Reads a whole number.
  static func count(_ text: String?, name: String) throws(ControlError) -> Int? {
    guard let text else { return nil }
    guard let count = QuantityText.count(from: text) else {
      throw invalid("\(name) is a whole number")
    }
    return count
  }

  /// Reads what is true or false; false where it is missing.
  static func truth(_ text: String?, name: String) throws(ControlError) -> Bool {
    switch text {
    case nil, "false": false
    case "true": true
    default: throw invalid("\(name) is true or false")
    }
  }

  private static func invalid(_ message: String) -> ControlError {
    ControlError(code: "invalid-query", message: message)
  }
}
