import ControlProtocol
import Vocabulary

extension Model {
  /// Takes a key.
  mutating func press(_ key: Key) -> [Effect] {
    // Where a field has the focus, characters are text, whatever else they mean elsewhere.
    if case .character(let character) = key, insert(String(character)) { return [] }
    guard let action = setup.keys.action(of: key, at: place) else { return [] }
    return perform(action)
  }

  /// Gives typed or pasted text to the field that has the focus; false if none has.
  mutating func insert(_ text: String) -> Bool {
    guard var open = dialog else { return false }
    let old = open.draftFilter
    guard open.insert(text) else { return false }
    dialog = open
    if old != open.draftFilter { table.rearrange() }
    return true
  }

  /// Does what a key means.
  mutating func perform(_ action: Action) -> [Effect] {
    switch action {
    case .quit: return [.quit]
    case .redraw: return [.redraw]
    case .suspend: return [.suspend]
    default: break
    }
    if dialog != nil { return performInDialog(action) }
    if performInTap(action) { return [] }
    if let effects = performInGroups(action) { return effects }
    switch action {
    case .move(let motion): move(motion)
    case .back:
      guard pages.isEmpty else {
        pages.removeLast()
        return []
      }
      return [.quit]
    case .cancel: cancel()
    case .help: pages.append(.help(of: place, ListPosition()))
    case .show(let wanted): show(wanted)
    case .nextScreen: show(screen.cycled(by: 1))
    case .previousScreen: show(screen.cycled(by: -1))
    case .theme: return changeTheme()
    case .mouse: return changeMouse()
    case .save: return [.save(arrangement)]
    case .find: dialog = .find(LineEditor(maximumByteCount: 256))
    case .findNext, .findPrevious: find(forward: action == .findNext)
    case .command: dialog = .command(CommandEntry())
    case .pause: pause()
    case .slower, .faster: changePace(longer: action == .slower)
    case .open where screen == .limits: openLimit(isUnset: false)
    case .open where screen == .closes: openCloses()
    case .open where screen == .history: openHistoryEntry()
    case .filter where screen == .history:
      dialog = .filter(FilterLine(history.filter))
    case .cycleSelection where screen == .history: history.cycleKinds()
    case .previousColumn: closes.moveColumn(by: -1)
    case .nextColumn: closes.moveColumn(by: 1)
    case .cycleInterval: closes.cycleInterval()
    case .unset: openLimit(isUnset: true)
    case .longerSpan, .shorterSpan: stepSpan(longer: action == .longerSpan)
    case .keep: return keepLimit()
    case .showSet: toggleLimits()
    case .send, .close: return openAct(isClose: action == .close)
    case .abortAct: return abortAct()
    case .tap: openTap()
    case .tapMatching: openTap(of: .filter(table.filter))
    default: performInTable(action)
    }
    return []
  }

  private mutating func performInTable(_ action: Action) {
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
      guard let id = table.cursor else { return }
      table.isPinned = true
      picture.details = nil
      pages.append(.details(DetailsPage(id: id)))
    case .follow: follow()
    default: break
    }
  }

  private mutating func move(_ motion: Action.Motion) {
    let layout = Layout(self)
    let visible = layout.visibleRows(at: place)
    if let last = pages.indices.last {
      let count = textLines(at: pages[last].place).count
      switch pages[last] {
      case .tap: changeTap { $0.zoom?.scroll(motion, count: count, visible: visible) }
      case .details(var page):
        page.position.scroll(motion, count: count, visible: visible)
        pages[last] = .details(page)
      case .entry(let entry, var position):
        position.scroll(motion, count: count, visible: visible)
        pages[last] = .entry(entry, position)
      case .help(let place, var position):
        position.scroll(motion, count: count, visible: visible)
        pages[last] = .help(of: place, position)
      case .text(let title, let lines, var position):
        position.scroll(motion, count: count, visible: visible)
        pages[last] = .text(title, lines, position)
      }
      return
    }
    switch screen {
    case .sessions:
      table.moveIntoView(visible: visible)
      table.position.move(motion, count: picture.sessionCount, visible: visible)
      table.cursor = picture.row(at: table.position.cursor)?.id
      table.isFollowing = false
      table.seekingPictures = 0
      table.locatingPictures = 0
      table.isPinned = table.position.cursor > 0
    case .limits:
      positions[.limits, default: ListPosition()].move(
        motion, count: limitRows.count, visible: visible)
    case .history:
      positions[.history, default: ListPosition()].move(
        motion, count: history.entries.count, visible: visible)
    case .closes: moveInCloses(motion, visible: visible)
    case .log:
      positions[screen, default: ListPosition()].scroll(
        motion, count: textLines(at: screen.place).count, visible: visible)
    case .traffic: stepRoute(by: motion == .up ? -1 : 1)
    case .rooms: break
    }
  }

  /// Shows a screen, and closes what was opened on top of the one before.
  private mutating func show(_ wanted: Screen) {
    screen = wanted
    pages = []
  }

  private mutating func cancel() {
    if forgetSearch() { return }
    if !pages.isEmpty {
      pages.removeLast()
    } else if screen == .history, !history.filter.isEmpty {
      history.look(for: "")
    } else if screen != .sessions {
      screen = .sessions
    } else if !table.filter.isEmpty {
      table.filter = ""
      table.rearrange()
    }
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
    move(.down)
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
