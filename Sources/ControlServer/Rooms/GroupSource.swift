internal import ControlProtocol
internal import Vocabulary

/// The subject of a measurement of groups: rooms, routes, or the live sessions that a filter matches,
/// by one of their fields.
struct GroupSource: Hashable {
  /// Rooms or routes, unless `by` is set.
  let kind: GroupKind
  /// The field by which live sessions are grouped.
  let by: SessionGrouping?
  private let filterText: UTF8Name
  private let seesSecrets: Bool

  /// The source of a query, as a role may ask it.
  init(_ query: GroupQuery, for role: ControlRole) {
    kind = query.by == nil ? query.kind : .routes
    by = query.by
    filterText = UTF8Name(query.by == nil ? "" : query.filter ?? "")
    seesSecrets = query.by != nil && role == .operate
  }

  private init(_ kind: GroupKind) {
    self.init(GroupQuery(kind), for: .view)
  }

  /// All rooms.
  static let rooms = GroupSource(.rooms)
  /// All routes.
  static let routes = GroupSource(.routes)

  /// The filter of the sessions that are grouped.
  ///
  /// - Throws: `FilterError`, which says where the text goes wrong.
  func filter() throws(FilterError) -> SessionFilter {
    try SessionFilter(filterText.text, for: seesSecrets ? .operate : .view)
  }
}
