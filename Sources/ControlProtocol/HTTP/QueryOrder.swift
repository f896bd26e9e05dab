internal import Vocabulary

/// The order in a query: `sort=KEY`, or `sort=-KEY` for the greatest first, and `order=asc|desc`.
struct QueryOrder<Key: SortKey> {
  /// The column to sort by.
  var key: Key
  /// Whether the greatest comes first; nil: the column's default.
  var isDescending: Bool?

  /// Parses the fields of a query.
  init(sort: String?, order: String?, default fallback: Key) throws(ControlError) {
    let isPrefixed = sort?.hasPrefix("-") ?? false
    key = fallback
    if let sort {
      guard let named = Key(column: isPrefixed ? String(sort.dropFirst()) : sort) else {
        throw QueryValue.invalid(
          "sort is one of \(Key.names), with - in front for the greatest first")
      }
      key = named
    }
    switch order {
    case nil: isDescending = isPrefixed ? true : nil
    case "desc": isDescending = true
    case "asc" where !isPrefixed: isDescending = false
    case "asc": throw QueryValue.invalid("order=asc contradicts the - before the sort key")
    default: throw QueryValue.invalid("order is asc or desc")
    }
  }
}
