package import ControlProtocol
import Vocabulary

/// The screen of sessions: the table, as the person arranged it, and the sessions that are chosen
/// in it.
package struct SessionsScreen: ScreenState {
  package static let title = "Sessions"
  package static let digit: Character = "1"

  /// The table.
  package var table = SessionTable()
  /// The groups of the sessions that match; nil while single sessions are shown.
  package var groups: GroupTable?
  /// The groups from which one was opened; nil once its filter is another.
  var opened: OpenedGroup?
  /// The pictures of the last ten minutes.
  package var pictures = PastPictures()
  /// The picture of the past that is shown; nil: the present.
  package var pastView: PastView?
  /// The columns of the table as they were fitted last; nil while single sessions are not shown.
  var fitted: FittedColumns?
  /// The screen from which its filter was chosen, and what was shown before; nil: none.
  private var origin: Origin?
  /// Where the cursor was when the event came, and whether its row was visible.
  private var before = (index: 0, isVisible: true)
  /// Whether the event is a snapshot, which may have moved the cursor's row.
  private var isMovedBySnapshot = false

  /// A screen that chose the sessions.
  private struct Origin {
    var screen: Screen
    /// The filter that it chose.
    var chosen: String
    var filter: String
    var selection: SessionSelection
    var groups: GroupTable?
    var opened: OpenedGroup?
  }

  /// A table in the order the sessions came.
  package init() {}

  package func wish(in context: ScreenContext, to request: inout WatchRequest) {
    guard context.pages.isEmpty else { return }
    let filter = context.dialog?.draftFilter ?? table.filter
    if let groups {
      request.groups = groups.query(rows: context.rows, filter: filter)
      return
    }
    request.sessions = table.query(rows: context.rows, filter: filter)
    // The rows tell their rooms while a room is typed, so that its name can be completed.
    if case .filter(let line) = context.dialog,
      line.editor.text.contains(SessionField.room.rawValue)
    {
      request.sessions?.wantsRooms = true
    }
    let marks = context.setup.marks
    if marks.usesRates { request.sessions?.wantsRates = true }
    if marks.looksAtRooms { request.sessions?.wantsRooms = true }
    if table.isFollowing || table.seekingSnapshots > 0 { request.follow = table.cursor }
    if table.locatingSnapshots > 0 { request.locate = table.cursor }
  }

  package func isAnswered(by snapshot: Snapshot, to wish: WatchRequest) -> Bool {
    if let query = wish.groups {
      return snapshot.groups?.by == query.by || snapshot.filterError != nil
    }
    guard let query = wish.sessions else { return true }
    guard snapshot.sessions != nil || snapshot.filterError != nil else { return false }
    guard wish.follow == nil, let list = snapshot.sessions else { return true }
    return list.offset == query.offset
  }

  package mutating func share(with context: inout ScreenContext) {
    context.chosen.marks = pastView == nil ? table.marks : []
    context.chosen.cursor = groups == nil && pastView == nil ? table.cursor : nil
    context.viewedMoment = viewedMoment(in: context)
    context.chosen.filter = table.filterOfAll
    let isShown =
      context.screen == .sessions && context.pages.isEmpty && groups == nil && pastView == nil
    fitted = isShown ? FittedColumns.of(table, in: context, before: fitted) : nil
    context.cutTexts = fitted?.cutTexts(of: table.cursor, in: context)
  }

  package mutating func forgetRun() {
    table.forgetRun()
    groups?.forgetRun()
    opened?.groups.forgetRun()
    origin?.groups?.forgetRun()
    origin?.opened?.groups.forgetRun()
  }

  // MARK: The visible part

  package mutating func prepare(in context: ScreenContext) {
    before = (
      table.position.cursor, table.showsCursor(visible: Layout(context).bodyRows)
    )
    isMovedBySnapshot = false
  }

  /// Keeps the cursor inside of the list, and the view around it; but where the snapshot has moved
  /// the cursor's row the view stays, unless it follows the row.
  package mutating func settle(in context: ScreenContext) {
    groups?.settle(visible: Layout(context).bodyRows)
    if let count = pastView?.count {
      pastView?.position.settle(count: count, visible: Layout(context).bodyRows)
    }
    guard context.latest.sessions != nil else { return }
    let count = context.latest.sessionCount
    let visible = Layout(context).bodyRows
    let stays = table.position.cursor == before.index
    let mayLeave = table.isPinned && !table.isFollowing && table.seekingSnapshots == 0
    if mayLeave, isMovedBySnapshot ? !stays || !before.isVisible : stays && !before.isVisible {
      table.settleView(count: count, visible: visible)
    } else {
      table.position.settle(count: count, visible: visible)
    }
  }

  /// A row that was visible is so when the screen is shown again.
  package mutating func settleHidden(in context: ScreenContext) {
    pastView = nil
    settle(in: context)
  }

  // MARK: Snapshots

  package mutating func takeNews(of snapshot: Snapshot, in context: ScreenContext) {
    offer(snapshot, in: context)
  }

  package mutating func tick() {
    pictures.keepOffered()
  }

  package mutating func take(_ snapshot: Snapshot, in context: inout ScreenContext) {
    isMovedBySnapshot = true
    context.latest.filterError = snapshot.filterError
    // Groups for another screen are others.
    if context.screen == .sessions, let list = snapshot.groups {
      groups?.take(list, visible: Layout(context).bodyRows)
    }
    guard var list = snapshot.sessions else { return }
    list.total = min(max(list.total, 0), LatestSnapshot.maximumSessionCount)
    list.offset = min(max(list.offset, 0), LatestSnapshot.maximumSessionCount)
    context.latest.sessions = list
    defer { table.seekingSnapshots = max(0, table.seekingSnapshots - 1) }
    if table.isPinned, let id = table.cursor {
      if let index = context.latest.index(of: id) {
        table.position.cursor = index
        table.locatingSnapshots = 0
        return
      }
      // The window may still be on its way to where the session is now, unless it holds all.
      if table.seekingSnapshots > 1, list.sessions.count < list.total { return }
      if isElsewhere(list) { return }
      if table.isFollowing {
        table.isFollowing = false
        context.note("\(id) has gone: no longer following it", .warning)
      }
    }
    table.locatingSnapshots = 0
    table.isPinned = table.isPinned && table.position.cursor > 0
    table.position.settle(count: list.total, visible: Layout(context).bodyRows)
    table.cursor = context.latest.row(at: table.position.cursor)?.id
  }

  /// Whether the cursor's session, which is not in the window, is elsewhere in the list, as far as
  /// is known: the engine is asked, and its next snapshot may still be one from before.
  private mutating func isElsewhere(_ list: SessionList) -> Bool {
    guard !table.isFollowing, list.sessions.count < list.total else { return false }
    if let place = list.place {
      table.position.cursor = min(max(place, 0), list.total - 1)
      table.locatingSnapshots = 2
      return true
    }
    if table.locatingSnapshots == 0 {
      table.locatingSnapshots = 2
    } else {
      table.locatingSnapshots -= 1
    }
    return table.locatingSnapshots > 0
  }

  // MARK: What others ask

  /// Shows the sessions that a filter matches, from the first on, until the person goes back to the
  /// screen that chose them.
  mutating func show(_ filter: String, _ selection: SessionSelection, from screen: Screen) {
    if screen != .sessions {
      origin = Origin(
        screen: screen, chosen: filter, filter: table.filter, selection: table.show, groups: groups,
        opened: opened)
    }
    showSingle()
    table.filter = filter
    table.isPinned = false
    table.select(selection)
  }

  /// Goes back to the screen that chose the sessions, with the table as it was; false: none did, or
  /// the person has chosen others since.
  mutating func goBack(in context: inout ScreenContext) -> Bool {
    guard let origin, origin.chosen == table.filter else { return false }
    self.origin = nil
    table.filter = origin.filter
    table.isPinned = false
    table.select(origin.selection)
    (groups, opened) = (origin.groups, origin.opened)
    context.screen = origin.screen
    return true
  }

  /// Shows the sessions that a command wants; nil leaves something as it is.
  mutating func arrange(
    filter: String?, sort: SessionField?, isDescending: Bool?, _ selection: SessionSelection?
  ) {
    showSingle()
    if let filter { table.filter = filter }
    if let selection { table.select(selection) }
    if let sort {
      table.sort(by: sort)
      table.isDescending = isDescending ?? sort.isDescendingByDefault
    }
    if filter != nil || sort != nil { table.rearrange() }
  }

  /// How the table is arranged, to be saved and restored.
  var arrangement: SavedTable {
    get {
      var saved = SavedTable()
      saved.columns = table.columns
      saved.sort = table.sort
      saved.isDescending = table.isDescending
      return saved
    }
    set {
      table.columns = newValue.columns
      table.sort = newValue.sort
      table.isDescending = newValue.isDescending
    }
  }
}
