/// Which sessions, in which order, and which window of them.
public struct SessionQuery: Codable, Equatable, Sendable {
  /// The filter's text; empty matches all.
  public var filter: String
  /// The column to sort by.
  public var sort: SessionField
  /// Whether the greatest comes first.
  public var isDescending: Bool
  /// The first row wanted.
  public var offset: Int
  /// How many rows at most; nil: all.
  public var limit: Int?
  /// Whether the rows tell the sessions' rates.
  public var wantsRates = false
  /// Whether the rows tell the sessions' rooms.
  public var wantsRooms = false
  /// Whether the rows tell the queries of the sessions' requests.
  public var wantsQuery = false
  /// Whether live sessions are wanted, closed ones, or both.
  public var show: SessionSelection

  /// The sessions in the order they came, all of them.
  public init(
    filter: String = "", sort: SessionField = .id, isDescending: Bool? = nil, offset: Int = 0,
    limit: Int? = nil, show: SessionSelection = .live
  ) {
    self.filter = filter
    self.sort = sort
    self.isDescending = isDescending ?? sort.isDescendingByDefault
    self.offset = offset
    self.limit = limit
    self.show = show
  }

  /// Decodes a query; what is missing is as in the query of all sessions.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    let sort: SessionField = try fields.decode(.sort, default: .id)
    guard SessionField.sortable.contains(sort) else {
      throw DecodingError.dataCorruptedError(
        forKey: .sort, in: fields, debugDescription: "sort is one of \(SessionField.names)")
    }
    self.init(
      filter: try fields.decode(.filter, default: ""),
      sort: sort,
      isDescending: try fields.decodeIfPresent(Bool.self, forKey: .isDescending),
      offset: try fields.decode(.offset, default: 0),
      limit: try fields.decodeIfPresent(Int.self, forKey: .limit),
      show: try fields.decode(.show, default: .live))
    wantsRates = try fields.decode(.wantsRates, default: false)
    wantsRooms = try fields.decode(.wantsRooms, default: false)
    wantsQuery = try fields.decode(.wantsQuery, default: false)
  }
}
