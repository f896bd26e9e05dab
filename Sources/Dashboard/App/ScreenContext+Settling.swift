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
    case .sessions, .traffic, .closes, .log, .history, .limits, .rooms: break
    }
    settlePage(layout)
  }

  private mutating func settlePage(_ layout: Layout) {
    guard let last = pages.indices.last else { return }
    let count = textLines(of: pages[last]).count
    if case .tap = pages[last] {
      let rows = TapPage.listRows(of: layout.bodyRows)
      changeTap { page in
        page.scrollback.settle(visible: rows)
        page.zoom?.settleText(count: count, visible: layout.bodyRows)
      }
    } else {
      pages[last].position?.settleText(count: count, visible: layout.bodyRows)
    }
  }

  /// The text of a page; that of a tap while a payload takes the whole page.
  func textLines(of page: Page) -> [StyledText] {
    switch page {
    case .details(let page): DetailsText.lines(of: page, in: self)
    case .entry(let entry, _): HistoryEntryText.lines(of: entry, in: self)
    case .tap(let page): page.zoom == nil ? [] : TapView.payloadLines(of: page, in: self)
    case .help(let place, _): HelpText.lines(for: place, setup.keys)
    case .text(_, let lines, _): lines.map { StyledText($0) }
    }
  }
}
