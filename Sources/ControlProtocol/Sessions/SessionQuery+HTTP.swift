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
    if wantsRates { fields.append(("rates", "true")) }
    if wantsRooms { fields.append(("rooms", "true")) }
    if wantsQuery { fields.append(("query", "true")) }
    if show != .live { fields.append(("show", show.rawValue)) }
    return TargetEncoding.query(fields)
  }

  /// Reads the query of `GET /v1/sessions`, without its `?`; the filter is parsed to check it.
  init(queryString: String) throws(ControlError) {
    let fields = try QueryFields(
      queryString,
      known: ["filter", "sort", "order", "offset", "limit", "rates", "rooms", "query", "show"])
    let order = try QueryOrder<SessionField>(
      sort: fields["sort"], order: fields["order"], default: .id)
    self.init(
      filter: fields["filter"] ?? "", sort: order.key, isDescending: order.isDescending,
      offset: try fields.count("offset") ?? 0,
      limit: try fields.count("limit"),
      show: try Self.selection(fields["show"]))
    wantsRates = try QueryValue.truth(fields["rates"], name: "rates")
    wantsRooms = try QueryValue.truth(fields["rooms"], name: "rooms")
    wantsQuery = try QueryValue.truth(fields["query"], name: "query")
    do { _ = try SessionFilter(filter) } catch { throw ControlError(error) }
  }

  private static func selection(_ text: String?) throws(ControlError) -> SessionSelection {
    guard let selection = SessionSelection(rawValue: text ?? "live") else {
      throw ControlError(code: "invalid-query", message: "show is live, closed or all")
    }
    return selection
  }
}
