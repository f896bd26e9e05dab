internal import Vocabulary

/// The order in a query: `sort=` with the notation of `SortOrder`, in which a `+` is `%2B`, and
/// `order=asc|desc`.
struct QueryOrder<Key: SortKey> {
  /// The column to sort by.
  var key: Key
  /// Whether the greatest comes first; nil: the column's default.
  var isDescending: Bool?

  /// Parses the fields of a query.
  init(sort: String?, order: String?, default fallback: Key) throws(ControlError) {
    var typed = SortOrder(fallback)
    if let sort {
      do throws(UnknownColumn) {
        typed = try SortOrder(sort)
      } catch {
        throw QueryValue.invalid("sort: \(error.description); \(SortOrder<Key>.rule)")
      }
    }
    key = typed.key
    switch order {
    case nil: isDescending = typed.isDescending
    case "desc" where typed.isDescending != false: isDescending = true
    case "asc" where typed.isDescending != true: isDescending = false
    case "asc": throw QueryValue.invalid("order=asc contradicts the - before the sort key")
    case "desc": throw QueryValue.invalid("order=desc contradicts the + before the sort key")
    default: throw QueryValue.invalid("order is asc or desc")
    }
  }
}
