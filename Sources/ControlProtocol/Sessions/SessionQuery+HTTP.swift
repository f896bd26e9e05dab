internal import Vocabulary

extension SessionQuery {
  /// The query of `GET /v1/sessions` with its `?`; empty for all sessions as they came.
  var queryString: String {
    var fields: [(String, String)] = []
    if !filter.isEmpty { fields.append(("filter", filter)) }
    if sort != .id || isDescending {
      fields.append(("sort", sort.rawValue))
      fields.append(("order", isDescending ? "desc" : "asc"))
    }
    if offset != 0 { fields.append(("offset", String(offset))) }
    if let limit { fields.append(("limit", String(limit))) }
    guard !fields.isEmpty else { return "" }
    return "?"
      + fields.map { "\($0.0)=\(PercentEncoding.encoded($0.1))" }.joined(separator: "&")
  }

  /// Reads the query of `GET /v1/sessions`, without its `?`; the filter is parsed to check it.
  init(queryString: String) throws(ControlError) {
    let fields = try PercentEncoding.fields(of: queryString)
    let (sort, isDescending) = try Self.order(sort: fields["sort"], order: fields["order"])
    self.init(
      filter: fields["filter"] ?? "", sort: sort, isDescending: isDescending,
      offset: try Self.count(fields["offset"], name: "offset") ?? 0,
      limit: try Self.count(fields["limit"], name: "limit"))
    do { _ = try SessionFilter(filter) } catch { throw ControlError(error) }
  }

  private static func order(
    sort: String?, order: String?
  ) throws(ControlError) -> (SortKey, Bool?) {
    let isPrefixed = sort?.hasPrefix("-") ?? false
    var key = SortKey.id
    if let sort {
      guard let named = SortKey(rawValue: isPrefixed ? String(sort.dropFirst()) : sort) else {
        throw invalid(
          "sort is one of " + SortKey.allCases.map(\.rawValue).joined(separator: " ")
            + ", with - in front for the greatest first")
      }
      key = named
    }
    switch order {
    case nil: return (key, isPrefixed ? true : nil)
    case "desc": return (key, true)
    case "asc" where !isPrefixed: return (key, false)
    case "asc": throw invalid("order=asc contradicts the - before the sort key")
    default: throw invalid("order is asc or desc")
    }
  }

  private static func count(_ text: String?, name: String) throws(ControlError) -> Int? {
    guard let text else { return nil }
    guard let count = QuantityText.count(from: text) else {
      throw invalid("\(name) is a whole number")
    }
    return count
  }

  private static func invalid(_ message: String) -> ControlError {
    ControlError(code: "invalid-query", message: message)
  }
}
