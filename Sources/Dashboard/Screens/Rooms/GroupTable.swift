package import ControlProtocol
package import Vocabulary

/// A table of rooms, routes or groups of sessions as the operator arranged it, and the window of it
/// that the engine sent last.
package struct GroupTable: Equatable, Sendable {
  /// Rooms or routes, unless `by` is set.
  package var kind = GroupKind.rooms
  /// The field by which sessions are grouped; nil for rooms and routes.
  package var by: SessionGrouping?
  /// The text that names contain.
  package var name = ""
  /// The column to sort by.
  package var sort = GroupSortKey.sessions
  /// Whether the greatest comes first.
  package var isDescending = GroupSortKey.sessions.isDescendingByDefault
  /// The cursor and the visible part.
  package var position = ListPosition()
  /// The name of the row under the cursor; nil until it has come.
  package var cursor: UTF8Name?
  /// The window that the engine sent last.
  private var latest: GroupList?

  /// All rooms.
  package init() {}

  /// All groups of sessions by a field.
  package init(by field: SessionGrouping) {
    kind = .routes
    by = field
  }

  // MARK: Content

  /// The window to ask for.
  ///
  /// - Parameter filter: the filter of the sessions that are grouped.
  func query(rows: Int, filter: String = "") -> GroupQuery {
    // `step` moves the window in steps, as on the sessions screen.
    let step = 16
    var query = GroupQuery(
      kind, name: name, sort: sort, isDescending: isDescending,
      offset: max(0, position.top / step * step - step), limit: max(rows, 1) + 2 * step)
    query.by = by
    if by != nil, !filter.isEmpty { query.filter = filter }
    return query
  }

  /// Takes a window; the cursor stays on its row as long as that exists.
  mutating func take(_ window: GroupList, visible: Int) {
    var list = window
    list.total = min(max(list.total, 0), LatestSnapshot.maximumSessionCount)
    list.offset = min(max(list.offset, 0), LatestSnapshot.maximumSessionCount)
    latest = list
    guard self.list != nil else { return }
    if let name = cursor, let index = list.groups.firstIndex(where: { UTF8Name($0.name) == name }),
      position.cursor > 0
    {
      position.cursor = index + list.offset
    }
    settle(visible: visible)
    cursor = row(at: position.cursor).map { UTF8Name($0.name) }
  }

  /// Drops all state of the engine's old run.
  mutating func forgetRun() {
    latest = nil
    rearrange()
  }

  /// Clamps the cursor and the visible part to the list.
  mutating func settle(visible: Int) {
    guard list != nil else { return }
    position.settle(count: count, visible: visible)
  }

  /// The window that the engine sent last; nil if it is of another kind.
  var list: GroupList? { latest?.by == by && (by != nil || latest?.kind == kind) ? latest : nil }

  /// Whether the engine answered with something else than groups of sessions, since it knows none.
  var isUnknownToEngine: Bool { by != nil && latest?.by == nil && latest?.kind == kind }

  /// How many groups there are.
  var count: Int { list?.total ?? 0 }

  /// The row at an index of the whole list, if it is in the window.
  func row(at index: Int) -> GroupRow? {
    guard let list else { return nil }
    let place = index - list.offset
    return list.groups.indices.contains(place) ? list.groups[place] : nil
  }

  /// The row under the cursor.
  var current: GroupRow? {
    guard let name = cursor else { return nil }
    return list?.groups.first { UTF8Name($0.name) == name }
  }

  /// The singular noun.
  var noun: String { by.map { "group by \($0.noun)" } ?? kind.noun }

  /// The filter for the sessions of a group.
  func filter(of row: GroupRow) -> String {
    by?.filter(ofGroup: row.name) ?? SessionFilter.text(kind.filterKey, equals: row.name)
  }

  // MARK: How it is arranged

  /// Shows another order or kind, from the top.
  package mutating func rearrange() {
    position = ListPosition()
    cursor = nil
  }

  /// Sorts by a column, in its default direction.
  package mutating func sort(by key: GroupSortKey) {
    sort = key
    isDescending = key.isDescendingByDefault
    rearrange()
  }

  /// Sorts by the column so many places on among those of the table, around the end.
  mutating func sort(step: Int) {
    // Rooms and routes have no backlog.
    let keys = by == nil ? GroupSortKey.allCases.filter { $0 != .backlog } : GroupSortKey.allCases
    let index = keys.firstIndex(of: sort) ?? 0
    sort(by: keys[((index + step) % keys.count + keys.count) % keys.count])
  }

  /// Performs an action that moves the cursor or changes the order; false for any other.
  mutating func arrange(_ action: Action, visible: Int) -> Bool {
    switch action {
    case .move(let motion):
      position.move(motion, count: count, visible: visible)
      cursor = row(at: position.cursor).map { UTF8Name($0.name) }
    case .nextSort: sort(step: 1)
    case .previousSort: sort(step: -1)
    case .reverseSort:
      isDescending.toggle()
      rearrange()
    default: return false
    }
    return true
  }

  /// Moves to the clicked row, or sorts by the clicked heading; true if the row under the cursor was
  /// clicked, which opens it.
  mutating func point(at target: Target) -> Bool {
    switch target {
    case .heading(let index):
      let key = GroupSortKey.allCases[index]
      if sort == key {
        isDescending.toggle()
        rearrange()
      } else {
        sort(by: key)
      }
    case .row(let index):
      if position.cursor == index, cursor != nil { return true }
      position.cursor = index
      cursor = row(at: index).map { UTF8Name($0.name) }
    default: break
    }
    return false
  }
}

extension GroupKind {
  /// The singular noun.
  package var noun: String { self == .rooms ? "room" : "route" }

  /// The filter key for the sessions of a room or route.
  package var filterKey: SessionField { self == .rooms ? .room : .route }
}

extension SessionGrouping {
  /// The field in words.
  package var noun: String {
    switch self {
    case .route: "route"
    case .address: "address block"
    case .tag: "tag"
    case .userAgent: "user agent"
    }
  }

  /// What the sessions of the group without a name have in common.
  var nothing: String {
    switch self {
    case .route: "(no route)"
    case .address: "(no address)"
    case .tag: "(no tag)"
    case .userAgent: "(no user agent)"
    }
  }
}
