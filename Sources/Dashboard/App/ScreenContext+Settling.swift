import ControlProtocol

extension ScreenContext {
  /// Where the cursor of the session table is, and whether its row is visible.
  var viewOfCursor: (index: Int, isVisible: Bool) {
    (table.position.cursor, table.showsCursor(visible: Layout(self).bodyRows))
  }

  /// Keeps the cursor of the session table inside of the list, and the view around it; but where
  /// the picture has moved the cursor's row the view stays, unless it follows the row.
  private mutating func settleTable(
    from before: (index: Int, isVisible: Bool), isSnapshot: Bool, visible: Int
  ) {
    guard picture.sessions != nil else { return }
    let stays = table.position.cursor == before.index
    let mayLeave = table.isPinned && !table.isFollowing && table.seekingPictures == 0
    if mayLeave, isSnapshot ? !stays || !before.isVisible : stays && !before.isVisible {
      table.settleView(count: picture.sessionCount, visible: visible)
    } else {
      table.position.settle(count: picture.sessionCount, visible: visible)
    }
  }

  /// Keeps every cursor inside of its list.
  mutating func settle(from before: (index: Int, isVisible: Bool), isSnapshot: Bool) {
    let layout = Layout(self)
    settleTable(from: before, isSnapshot: isSnapshot, visible: layout.bodyRows)
    switch screen {
    case .limits:
      positions[.limits, default: ListPosition()].settle(
        count: limitRows.count, visible: layout.visibleRows(at: .limits))
    case .history:
      positions[.history, default: ListPosition()].settle(
        count: history.entries.count, visible: layout.bodyRows)
    case .log:
      positions[screen, default: ListPosition()].settleText(
        count: textLines(at: screen.place).count, visible: layout.bodyRows)
    case .rooms: settleGroups()
    case .sessions, .traffic, .closes: break
    }
    settlePage(layout)
  }

  private mutating func settlePage(_ layout: Layout) {
    guard let last = pages.indices.last else { return }
    let count = textLines(at: pages[last].place).count
    switch pages[last] {
    case .tap:
      let rows = TapPage.listRows(of: layout.bodyRows)
      changeTap { page in
        page.scrollback.settle(visible: rows)
        page.zoom?.settleText(count: count, visible: layout.bodyRows)
      }
    case .details(var page):
      page.position.settleText(count: count, visible: layout.bodyRows)
      pages[last] = .details(page)
    case .entry(let entry, var position):
      position.settleText(count: count, visible: layout.bodyRows)
      pages[last] = .entry(entry, position)
    case .help(let place, var position):
      position.settleText(count: count, visible: layout.bodyRows)
      pages[last] = .help(of: place, position)
    case .text(let title, let lines, var position):
      position.settleText(count: count, visible: layout.bodyRows)
      pages[last] = .text(title, lines, position)
    }
  }

  /// The text of a place that shows text; empty for the others.
  func textLines(at place: Place) -> [StyledText] {
    switch place {
    case .log: LogText.lines(of: self)
    case .entry:
      if case .entry(let entry, _)? = pages.last {
        HistoryEntryText.lines(of: entry, in: self)
      } else {
        []
      }
    case .help:
      switch pages.last {
      case .help(let place, _): HelpText.lines(for: place, setup.keys)
      case .text(_, let lines, _): lines.map { StyledText($0) }
      default: []
      }
    case .tap:
      if let page = tapPage, page.zoom != nil {
        TapView.payloadLines(of: page, in: self)
      } else {
        []
      }
    case .details:
      if case .details(let page)? = pages.last { DetailsText.lines(of: page, in: self) } else { [] }
    default: []
    }
  }
}
