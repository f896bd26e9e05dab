/// The groups of sessions.
public enum GroupKind: String, CaseIterable, Codable, Hashable, Sendable {
  /// The rooms of the sessions.
  case rooms
  /// The routes of the sessions.
  case routes
}

/// The columns that groups can be sorted by; messages and bytes by their rate, then by their total.
public enum GroupSortKey: String, CaseIterable, Codable, Hashable, SortKey {
  case name, sessions
  case messagesIn = "in.messages"
  case messagesOut = "out.messages"
  case bytesIn = "in.bytes"
  case bytesOut = "out.bytes"
  case backlog

  /// All of them.
  public static var sortable: [GroupSortKey] { allCases }

  /// The column's name in a sentence.
  public var title: String {
    switch self {
    case .name, .sessions, .backlog: rawValue
    case .messagesIn: "messages in"
    case .messagesOut: "messages out"
    case .bytesIn: "bytes in"
    case .bytesOut: "bytes out"
    }
  }

  /// The headings in the table of rooms and routes, of the rate and of the total.
  public var headings: [String] {
    switch self {
    case .name: ["ROOM", "ROUTE"]
    case .sessions: ["MEMBERS", "SESSIONS"]
    case .messagesIn: ["IN/S", "MSG IN"]
    case .messagesOut: ["OUT/S", "MSG OUT"]
    case .bytesIn: ["BYTES IN/S", "BYTES IN"]
    case .bytesOut: ["BYTES OUT/S", "BYTES OUT"]
    case .backlog: ["BACKLOG"]
    }
  }

  /// Whether the greatest comes first by default.
  public var isDescendingByDefault: Bool { self != .name }
}

/// A query for rooms, routes, or groups of live sessions: their names, the order, and the window.
public struct GroupQuery: Codable, Equatable, Sendable {
  /// Rooms or routes; of no meaning for groups of live sessions.
  public var kind: GroupKind
  /// The field by which live sessions are grouped; nil: rooms or routes are asked for.
  public var by: SessionGrouping?
  /// The filter of the sessions that are grouped; nil: all live ones.
  public var filter: String?
  /// Text that names contain, case-insensitively, with `*` for any run; empty: any name.
  public var name: String
  /// The column to sort by.
  public var sort: GroupSortKey
  /// Whether the greatest comes first.
  public var isDescending: Bool
  /// The index of the first row.
  public var offset: Int
  /// The most rows; nil: all.
  public var limit: Int?

  /// The most bytes in `name`.
  public static let maximumNameByteCount = 256

  /// All groups of a kind, those with most sessions first.
  public init(
    _ kind: GroupKind, name: String = "", sort: GroupSortKey = .sessions,
    isDescending: Bool? = nil, offset: Int = 0, limit: Int? = nil
  ) {
    self.kind = kind
    self.name = name
    self.sort = sort
    self.isDescending = isDescending ?? sort.isDescendingByDefault
    self.offset = offset
    self.limit = limit
  }

  /// The groups of the live sessions that a filter matches, those with most sessions first.
  public init(
    by field: SessionGrouping, filter: String = "", name: String = "",
    sort: GroupSortKey = .sessions, isDescending: Bool? = nil, offset: Int = 0, limit: Int? = nil
  ) {
    self.init(
      .routes, name: name, sort: sort, isDescending: isDescending, offset: offset, limit: limit)
    by = field
    self.filter = filter.isEmpty ? nil : filter
  }

  /// The rows whose names match.
  public func admitted(_ rows: [GroupRow]) -> [GroupRow] {
    guard !name.isEmpty else { return rows }
    let pattern = pattern
    return rows.filter { pattern.matches($0.name.utf8.span) }
  }

  private var pattern: TextPattern {
    let literals = name.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
    return TextPattern(literals: literals.map(Array.init)).contained
  }

  /// The query of a path with its `?`; empty for all groups, the largest first.
  var queryString: String {
    var fields: [(String, String)] = []
    if let by { fields.append(("by", by.rawValue)) }
    if let filter { fields.append(("filter", filter)) }
    if !name.isEmpty { fields.append(("name", name)) }
    if sort != .sessions || !isDescending {
      fields.append(("sort", sort.rawValue))
      fields.append(("order", isDescending ? "desc" : "asc"))
    }
    if offset != 0 { fields.append(("offset", String(offset))) }
    if let limit { fields.append(("limit", String(limit))) }
    return TargetEncoding.query(fields)
  }

  /// Parses the query of the path of rooms or routes, without its `?`.
  init(_ kind: GroupKind, queryString: String) throws(ControlError) {
    let fields = try QueryFields(
      queryString, known: ["name", "sort", "order", "offset", "limit"])
    try self.init(kind, fields)
  }

  /// Parses the query of the path of groups of live sessions, without its `?`.
  init(ofSessions queryString: String) throws(ControlError) {
    let fields = try QueryFields(
      queryString, known: ["by", "filter", "name", "sort", "order", "offset", "limit"])
    guard let by = SessionGrouping(rawValue: fields["by"] ?? SessionGrouping.route.rawValue) else {
      throw ControlError(
        code: "invalid-query",
        message: "by is one of " + SessionGrouping.allCases.map(\.rawValue).joined(separator: ", "))
    }
    try self.init(.routes, fields)
    self.by = by
    filter = fields["filter"].flatMap { $0.isEmpty ? nil : $0 }
    do { _ = try SessionFilter(filter ?? "") } catch { throw ControlError(error) }
  }

  private init(_ kind: GroupKind, _ fields: QueryFields) throws(ControlError) {
    let order = try QueryOrder<GroupSortKey>(
      sort: fields["sort"], order: fields["order"], default: .sessions)
    self.init(
      kind, name: fields["name"] ?? "", sort: order.key, isDescending: order.isDescending,
      offset: try fields.count("offset") ?? 0,
      limit: try fields.count("limit"))
    guard name.utf8.count <= Self.maximumNameByteCount else {
      throw ControlError(
        code: "invalid-query", message: "name has at most \(Self.maximumNameByteCount) bytes")
    }
  }
}
