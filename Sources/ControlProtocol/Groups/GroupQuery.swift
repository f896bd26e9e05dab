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

  /// All of them.
  public static var sortable: [GroupSortKey] { allCases }

  /// Whether the greatest comes first by default.
  public var isDescendingByDefault: Bool { self != .name }
}

/// A query for rooms or routes: their names, the order, and the window.
public struct GroupQuery: Codable, Equatable, Sendable {
  /// Rooms or routes.
  public var kind: GroupKind
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
    if !name.isEmpty { fields.append(("name", name)) }
    if sort != .sessions || !isDescending {
      fields.append(("sort", sort.rawValue))
      fields.append(("order", isDescending ? "desc" : "asc"))
    }
    if offset != 0 { fields.append(("offset", String(offset))) }
    if let limit { fields.append(("limit", String(limit))) }
    return TargetEncoding.query(fields)
  }

  /// Parses the query of a path, without its `?`.
  init(_ kind: GroupKind, queryString: String) throws(ControlError) {
    let fields = try QueryFields(
      queryString, known: ["name", "sort", "order", "offset", "limit"])
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
