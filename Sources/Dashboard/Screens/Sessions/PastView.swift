package import ControlProtocol
import Vocabulary

/// The picture of the past that is shown, with a cursor of its own.
package struct PastView: Equatable, Sendable {
  /// The picture's number.
  package let number: Int
  /// The picture.
  package let picture: PastPicture
  /// The cursor and the visible part among the rows that were kept.
  package var position = ListPosition()

  /// A picture, with the same rows in sight as then.
  package init(number: Int, _ picture: PastPicture) {
    self.number = number
    self.picture = picture
    let offset = picture.snapshot.sessions?.offset ?? picture.snapshot.groups?.offset ?? 0
    position.top = max(picture.top - offset, 0)
    position.cursor = position.top
  }

  /// Moves the cursor to a session, if it is among the rows.
  mutating func point(at id: SessionID?) {
    let rows = picture.snapshot.sessions?.sessions ?? []
    if let id, let place = rows.firstIndex(where: { $0.id == id }) { position.cursor = place }
  }

  /// How many rows or groups were kept.
  package var count: Int {
    picture.snapshot.sessions?.sessions.count ?? picture.snapshot.groups?.groups.count ?? 0
  }

  /// The row under the cursor; nil if there are groups.
  package var row: SessionRow? {
    guard let rows = picture.snapshot.sessions?.sessions, rows.indices.contains(position.cursor)
    else { return nil }
    return rows[position.cursor]
  }

  /// The rows that were kept, as a list of their own.
  var sessions: SessionList? {
    guard var list = picture.snapshot.sessions else { return nil }
    list.offset = 0
    list.total = list.sessions.count
    return list
  }

  /// The groups that were kept, as a list of their own.
  var groups: GroupTable? {
    guard let query = picture.groups, var list = picture.snapshot.groups, let field = query.by
    else {
      return nil
    }
    list.offset = 0
    list.total = list.groups.count
    var table = GroupTable(by: field)
    table.sort = query.sort
    table.isDescending = query.isDescending
    table.position = position
    table.take(list, visible: max(count - position.top, 1))
    table.position = position
    return table
  }
}
