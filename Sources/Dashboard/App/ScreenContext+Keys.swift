import ControlProtocol
import Vocabulary

extension ScreenContext {
  /// Takes an action on the page on top, if there is one.
  mutating func performOnPage(_ action: Action) -> Reaction {
    guard dialog == nil, let page = pages.last else { return .ignored }
    if performInTap(action) { return .handled([]) }
    switch action {
    case .move(let motion): move(motion, on: page)
    case .back: pages.removeLast()
    case .cancel:
      forgetSearch()
      pages.removeLast()
    case .send, .close: return .handled(openAct(isClose: action == .close))
    case .tap: openTap()
    default: return .ignored
    }
    return .handled([])
  }

  /// Takes an action that means the same everywhere.
  mutating func performAnywhere(_ action: Action) -> Reaction {
    switch action {
    case .quit, .back: return .handled([.quit])
    case .redraw: return .handled([.redraw])
    case .suspend: return .handled([.suspend])
    case .cancel:
      forgetSearch()
      screen = .sessions
    case .help: pages.append(.help(of: place, ListPosition()))
    case .show(let wanted): show(wanted)
    case .nextScreen: show(screen.cycled(by: 1))
    case .previousScreen: show(screen.cycled(by: -1))
    case .theme: return .handled(changeTheme())
    case .mouse: return .handled(changeMouse())
    case .command: dialog = .command(CommandEntry())
    case .pause: pause()
    case .slower, .faster: changePace(longer: action == .slower)
    case .abortAct: return .handled(abortAct())
    default: return .ignored
    }
    return .handled([])
  }

  /// Takes an action on a screen.
  mutating func perform(_ action: Action, on screen: Screen) -> Reaction {
    switch (action, screen) {
    case (.move(let motion), _): move(motion, on: screen)
    case (.cancel, .sessions):
      forgetSearch()
      if !table.filter.isEmpty {
        table.filter = ""
        table.rearrange()
      }
    case (.send, .sessions), (.close, .sessions):
      return .handled(openAct(isClose: action == .close))
    case (.tap, .sessions): openTap()
    case (.tapMatching, .sessions): openTap(of: .filter(table.filter))
    case (.save, .sessions): return .handled([.save(arrangement)])
    case (_, .sessions): return performInTable(action)
    default: return .ignored
    }
    return .handled([])
  }

  private mutating func performInTable(_ action: Action) -> Reaction {
    switch action {
    case .filter: dialog = .filter(FilterLine(table.filter))
    case .columns: openColumns()
    case .rates: changeRates()
    case .invertFilter: invertFilter()
    case .pickSort:
      var position = ListPosition()
      position.cursor = SortKey.allCases.firstIndex(of: table.sort) ?? 0
      dialog = .sortPicker(position)
    case .nextSort: sort(by: table.sortKey(after: 1))
    case .previousSort: sort(by: table.sortKey(after: -1))
    case .reverseSort:
      table.isDescending.toggle()
      table.rearrange()
    case .cycleSelection:
      table.select(table.show.cycled(by: 1))
      note("showing " + Self.words(for: table.show), .done)
    case .mark: mark()
    case .clearMarks:
      let count = table.marks.count
      table.marks = []
      if count > 0 { note("\(count) no longer marked", .done) }
    case .open:
      guard let id = table.cursor else { break }
      table.isPinned = true
      picture.details = nil
      pages.append(.details(DetailsPage(id: id)))
    case .follow: follow()
    default: return .ignored
    }
    return .handled([])
  }

  private mutating func move(_ motion: Action.Motion, on page: Page) {
    let visible = Layout(self).bodyRows
    let count = textLines(of: page).count
    if case .tap = page {
      changeTap { $0.zoom?.scroll(motion, count: count, visible: visible) }
    } else {
      pages[pages.count - 1].position?.scroll(motion, count: count, visible: visible)
    }
  }

  private mutating func move(_ motion: Action.Motion, on screen: Screen) {
    let visible = Layout(self).bodyRows
    switch screen {
    case .sessions:
      table.moveIntoView(visible: visible)
      table.position.move(motion, count: picture.sessionCount, visible: visible)
      table.cursor = picture.row(at: table.position.cursor)?.id
      table.isFollowing = false
      table.seekingPictures = 0
      table.locatingPictures = 0
      table.isPinned = table.position.cursor > 0
    case .closes, .traffic, .log, .history, .limits, .rooms: break
    }
  }

  /// Shows a screen, and closes what was opened on top of the one before.
  mutating func show(_ wanted: Screen) {
    screen = wanted
    pages = []
  }

  mutating func sort(by key: SortKey) {
    table.sort(by: key)
    table.rearrange()
  }

  private static func words(for selection: SessionSelection) -> String {
    switch selection {
    case .live: "live sessions"
    case .closed: "the sessions that were closed last"
    case .all: "live sessions and those that were closed last"
    }
  }

  private mutating func mark() {
    guard let id = table.cursor else { return }
    guard table.marks.contains(id) || !refuseClosed(id) else { return }
    if table.marks.remove(id) == nil {
      guard table.marks.count < SessionTable.maximumMarkCount else {
        note("\(SessionTable.maximumMarkCount) are marked: one act can name no more", .warning)
        return
      }
      table.marks.insert(id)
    }
    move(.down, on: .sessions)
    table.isPinned = true
  }

  private mutating func follow() {
    guard let id = table.cursor else { return }
    table.isFollowing.toggle()
    table.isPinned = true
    note(table.isFollowing ? "following \(id)" : "no longer following \(id)", .done)
  }

  private mutating func pause() {
    pacing.isPaused.toggle()
    pacing.awaitsPicture = false
    note(
      pacing.isPaused ? "paused: \(keyLabel(.pause)) lets it run again" : "running again", .done)
  }

  private mutating func changePace(longer: Bool) {
    guard pacing.step(longer: longer) else { return }
    note("a picture every " + Pacing.text(pacing.intervalMilliseconds), .done)
  }

  private mutating func invertFilter() {
    switch FilterText.inverted(table.filter) {
    case .inverted(let text):
      table.filter = text
      table.rearrange()
    case .empty: note("there is no filter to invert", .warning)
    case .severalTerms:
      note("only a filter of one term can be inverted", .warning)
    }
  }
}
