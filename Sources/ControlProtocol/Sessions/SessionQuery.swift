/// Which sessions, in which order, and which window of them.
public struct SessionQuery: Codable, Equatable, Sendable {
  /// The filter's text; empty matches all.
  public var filter: String
  /// The column to sort by.
  public var sort: SortKey
  /// Whether the greatest comes first.
  public var isDescending: Bool
  /// The first row wanted.
  public var offset: Int
  /// How many rows at most; nil: all.
  public var limit: Int?

  /// The sessions in the order they came, all of them.
  public init(
    filter: String = "", sort: SortKey = .id, isDescending: Bool? = nil, offset: Int = 0,
    limit: Int? = nil
  ) {
    self.filter = filter
    self.sort = sort
    self.isDescending = isDescending ?? sort.isDescendingByDefault
    self.offset = offset
    self.limit = limit
  }
}
