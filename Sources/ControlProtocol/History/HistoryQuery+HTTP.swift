internal import Vocabulary

extension HistoryQuery {
  /// The query of `GET /v1/history` with its `?`; empty for the newest entries.
  var queryString: String {
    var fields: [(name: String, value: String)] = []
    if !filter.isEmpty { fields.append(("filter", filter)) }
    if !kinds.isEmpty {
      fields.append(("kind", kinds.map(\.rawValue).joined(separator: ",")))
    }
    if let since { fields.append(("since", "\(since)")) }
    if let until { fields.append(("until", "\(until)")) }
    if let cursor { fields.append(("cursor", cursor.description)) }
    if limit != HistoryQuery().limit { fields.append(("limit", String(limit))) }
    return TargetEncoding.query(fields)
  }

  /// Parses the query of `GET /v1/history`, without its `?`, and checks the filter.
  init(queryString: String) throws(ControlError) {
    let fields = try QueryFields(
      queryString, known: ["filter", "kind", "since", "until", "cursor", "limit"])
    self.init(
      filter: fields["filter"] ?? "", kinds: try Self.kinds(fields["kind"]),
      since: try Self.seconds(fields["since"], name: "since"),
      until: try Self.seconds(fields["until"], name: "until"))
    if let text = fields["cursor"] {
      guard let cursor = HistoryCursor(text) else {
        throw QueryValue.invalid("cursor is the next of another page")
      }
      self.cursor = cursor
    }
    if let limit = try fields.count("limit") { self.limit = limit }
    try check()
  }

  /// Checks the filter and the limit.
  func check() throws(ControlError) {
    do { _ = try SessionFilter(filter) } catch { throw ControlError(error) }
    guard (1...Self.maximumLimit).contains(limit) else {
      throw QueryValue.invalid("limit is 1 to \(Self.maximumLimit)")
    }
  }

  private static func kinds(_ text: String?) throws(ControlError) -> [HistoryEntry.Kind] {
    var kinds: [HistoryEntry.Kind] = []
    for word in (text ?? "").split(separator: ",") {
      guard let kind = HistoryEntry.Kind(rawValue: String(word)) else {
        throw QueryValue.invalid(
          "kind is one or more of "
            + HistoryEntry.Kind.allCases.map(\.rawValue).joined(separator: " ")
            + ", with commas between")
      }
      if !kinds.contains(kind) { kinds.append(kind) }
    }
    return kinds
  }

  private static func seconds(
    _ text: String?, name: String
  ) throws(ControlError) -> Double? {
    guard let text else { return nil }
    guard let seconds = Double(text), seconds.isFinite else {
      throw QueryValue.invalid("\(name) is a moment in seconds since 1970")
    }
    return seconds
  }
}
