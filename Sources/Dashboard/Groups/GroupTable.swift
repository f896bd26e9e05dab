package import ControlProtocol
package import Vocabulary

/// The table of rooms and routes as the operator arranged it.
package struct GroupTable: Equatable, Sendable {
  /// Rooms or routes.
  package var kind = GroupKind.rooms
  /// What names contain.
  package var name = ""
  /// The column to sort by.
  package var sort = GroupSortKey.sessions
  /// Whether the greatest comes first.
  package var isDescending = GroupSortKey.sessions.isDescendingByDefault
  /// The cursor and the visible part.
  package var position = ListPosition()
  /// The name of the row under the cursor; nil until it has come.
  package var cursor: UTF8Name?

  /// All rooms.
  package init() {}

  /// The window to ask for; it moves in steps, as that of the sessions does.
  package func query(rows: Int, name: String) -> GroupQuery {
    let step = 16
    let offset = max(0, position.top / step * step - step)
    return GroupQuery(
      kind, name: name, sort: sort, isDescending: isDescending, offset: offset,
      limit: max(rows, 1) + 2 * step)
  }

  /// Shows another order or choice, from the top.
  package mutating func rearrange() {
    position = ListPosition()
    cursor = nil
  }

  /// Sorts by a column, in the order a person wants it by default.
  package mutating func sort(by key: GroupSortKey) {
    sort = key
    isDescending = key.isDescendingByDefault
    rearrange()
  }
}

extension GroupKind {
  /// One of them, in a sentence.
  package var noun: String { self == .rooms ? "room" : "route" }

  /// The key of a filter that finds the sessions of one.
  package var filterKey: FilterTextKey { self == .rooms ? .room : .route }
}
