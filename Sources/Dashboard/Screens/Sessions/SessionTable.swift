package import ControlProtocol
package import Vocabulary

/// The table of sessions as the operator arranged it.
package struct SessionTable: Equatable, Sendable {
  /// The filter's text.
  package var filter = ""
  /// Whether live sessions are shown, closed ones, or both.
  package var show = SessionSelection.live
  /// The column to sort by.
  package var sort = SessionField.id
  /// Whether the greatest comes first.
  package var isDescending = SessionField.id.isDescendingByDefault
  /// The cursor and the visible part.
  package var position = ListPosition()
  /// The session under the cursor; nil until its row has come.
  package var cursor: SessionID?
  /// Whether the table moves with the row under the cursor.
  package var isFollowing = false
  /// Whether the cursor belongs to its session; else, at the top and untouched, to the first row.
  package var isPinned = false
  /// For how many more snapshots the window is asked to be where the cursor's session is, after the
  /// order or the filter has changed.
  package var seekingSnapshots = 0
  /// For how many more snapshots the engine is asked where the cursor's session stands, because its
  /// row has left the window.
  package var locatingSnapshots = 0
  /// The columns.
  package var columns = ColumnChoice()
  /// The marked sessions, of one run of the engine.
  package var marks: Set<SessionID> = []

  /// The most sessions that one act, and so the marks, can name.
  package static let maximumMarkCount = 10_000

  /// A table in the order the sessions came.
  package init() {}

  /// The window to ask for: as many rows as the terminal has and a few more.
  ///
  /// It moves in steps, so that moving by a row or a notice that comes and goes does not mean
  /// asking anew.
  package func query(rows: Int, filter: String) -> SessionQuery {
    let step = 16
    let offset = max(0, position.top / step * step - step)
    var query = SessionQuery(
      filter: filter, sort: sort, isDescending: isDescending, offset: offset,
      limit: max(rows, 1) + 2 * step, show: show)
    let shown = columns.shown
    query.wantsRates = sort.isRate || shown.contains(where: \.isRate)
    query.wantsRooms = sort == .rooms || shown.contains(.rooms)
    query.wantsQuery = sort == .query || shown.contains(.query)
    return query
  }

  /// Shows other sessions; closed ones come with the newest first, unless another order was chosen.
  package mutating func select(_ selection: SessionSelection) {
    show = selection
    if selection == .closed, sort == .id { sort(by: .closed) }
    if selection == .live, sort == .closed { sort(by: .id) }
    rearrange()
  }

  /// Shows another order or choice of sessions: from the top, or where the cursor's session is.
  package mutating func rearrange() {
    if isPinned, cursor != nil {
      seekingSnapshots = 2
    } else {
      position = ListPosition()
      cursor = nil
    }
  }

  /// Sorts by a column, in the order a person wants it by default.
  package mutating func sort(by key: SessionField) {
    sort = key
    isDescending = key.isDescendingByDefault
  }

  /// The filter of an act on all sessions of the table; an act by filter must have one.
  package var filterOfAll: String {
    filter.allSatisfy(\.isWhitespace) ? ActSubjects.filterOfAll : filter
  }

  /// The sessions that an act is meant for: the marked ones, else the one under the cursor.
  package var subjects: [SessionID] {
    marks.isEmpty ? cursor.map { [$0] } ?? [] : marks.sorted()
  }

  /// Forgets the sessions of a run that is over.
  package mutating func forgetRun() {
    marks = []
    cursor = nil
    isFollowing = false
    isPinned = false
    seekingSnapshots = 0
    locatingSnapshots = 0
    position = ListPosition()
  }

  /// Puts the cursor onto a row that is shown.
  package mutating func point(at index: Int, _ id: SessionID?) {
    position.cursor = index
    cursor = id
    isFollowing = false
    isPinned = true
    seekingSnapshots = 0
    locatingSnapshots = 0
  }

  /// Keeps the visible part inside of the list, and leaves it where it is even if the cursor's row
  /// has moved out of it.
  package mutating func settleView(count: Int, visible: Int) {
    position.cursor = min(max(position.cursor, 0), max(count - 1, 0))
    position.top = min(max(position.top, 0), max(count - max(visible, 1), 0))
  }

  /// Brings a cursor whose row has moved out of the visible part to its nearer edge, from where it
  /// moves.
  package mutating func moveIntoView(visible: Int) {
    guard !showsCursor(visible: visible) else { return }
    position.cursor =
      position.cursor < position.top ? position.top : position.top + max(visible, 1) - 1
  }

  /// The column so many places on among those that the table has, around the end.
  package func sortKey(after step: Int) -> SessionField {
    let keys = columns.shown
    guard let index = keys.firstIndex(of: sort) else { return keys[0] }
    return keys[((index + step) % keys.count + keys.count) % keys.count]
  }

  /// Whether the cursor's row is in the visible part.
  package func showsCursor(visible: Int) -> Bool {
    position.cursor >= position.top && position.cursor < position.top + max(visible, 1)
  }
}
