package import ControlProtocol
import Vocabulary

/// The rooms screen, of rooms or routes: the sessions in each, and their traffic.
package struct RoomsScreen: ScreenState {
  package static let title = "Rooms"
  package static let digit: Character = "5"

  /// The table.
  package var groups = GroupTable()

  /// All rooms.
  package init() {}

  package func wish(in context: ScreenContext, to request: inout WatchRequest) {
    guard context.pages.isEmpty else { return }
    request.groups = groups.query(rows: context.rows)
  }

  package func isAnswered(by snapshot: Snapshot, to wish: WatchRequest) -> Bool {
    wish.groups == nil || snapshot.groups?.kind == wish.groups?.kind
  }

  /// Takes a window of rooms or routes.
  package mutating func take(_ snapshot: Snapshot, in context: inout ScreenContext) {
    // Rooms for another screen are in another order.
    guard context.screen == .rooms, let list = snapshot.groups else { return }
    groups.take(list, visible: Layout(context).bodyRows)
    if list.kind == .rooms { context.latest.roomNames = list.groups.map(\.name) }
  }

  package mutating func forgetRun() { groups.forgetRun() }

  package mutating func settle(in context: ScreenContext) {
    groups.settle(visible: Layout(context).bodyRows)
  }

  /// Shows the rooms or routes of a query, from the top.
  package mutating func show(_ query: GroupQuery) {
    groups.kind = query.kind
    groups.name = query.name
    groups.sort = query.sort
    groups.isDescending = query.isDescending
    groups.rearrange()
  }
}
