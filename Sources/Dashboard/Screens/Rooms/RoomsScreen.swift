package import ControlProtocol
package import Vocabulary

/// The rooms screen, of rooms or routes: the sessions in each, and their traffic.
package struct RoomsScreen: ScreenState {
  package static let title = "Rooms"
  package static let digit: Character = "5"

  /// Rooms or routes.
  package var kind = GroupKind.rooms
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
  /// The window of rooms or routes that the engine sent last.
  private var latest: GroupList?

  /// All rooms.
  package init() {}

  package func wish(in context: ScreenContext, to request: inout WatchRequest) {
    guard context.pages.isEmpty else { return }
    // `step` moves the window in steps, as on the sessions screen.
    let step = 16
    let offset = max(0, position.top / step * step - step)
    request.groups = GroupQuery(
      kind, name: name, sort: sort, isDescending: isDescending, offset: offset,
      limit: max(context.rows, 1) + 2 * step)
  }

  package func isAnswered(by snapshot: Snapshot, to wish: WatchRequest) -> Bool {
    wish.groups == nil || snapshot.groups?.kind == wish.groups?.kind
  }

  /// Takes a window of rooms or routes; the cursor stays on its row as long as that exists.
  package mutating func take(_ snapshot: Snapshot, in context: inout ScreenContext) {
    // Rooms for another screen are in another order.
    guard context.screen == .rooms, var list = snapshot.groups else { return }
    list.total = min(max(list.total, 0), LatestSnapshot.maximumSessionCount)
    list.offset = min(max(list.offset, 0), LatestSnapshot.maximumSessionCount)
    latest = list
    guard list.kind == kind else { return }
    if let name = cursor, let index = list.groups.firstIndex(where: { UTF8Name($0.name) == name }),
      position.cursor > 0
    {
      position.cursor = index + list.offset
    }
    settle(in: context)
    cursor = row(at: position.cursor).map { UTF8Name($0.name) }
  }

  package mutating func forgetRun() {
    latest = nil
    rearrange()
  }

  package mutating func settle(in context: ScreenContext) {
    guard list != nil else { return }
    position.settle(count: count, visible: Layout(context).bodyRows)
  }

  // MARK: Content

  /// The window that the engine sent last; nil if it is of the other kind.
  var list: GroupList? { latest?.kind == kind ? latest : nil }

  /// How many rooms or routes there are.
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

  // MARK: How it is arranged

  /// Shows the rooms or routes of a query, from the top.
  package mutating func show(_ query: GroupQuery) {
    kind = query.kind
    name = query.name
    sort = query.sort
    isDescending = query.isDescending
    rearrange()
  }

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
}

extension GroupKind {
  /// The singular noun.
  package var noun: String { self == .rooms ? "room" : "route" }

  /// The filter key for the sessions of a room or route.
  package var filterKey: SessionField { self == .rooms ? .room : .route }
}
