import ControlProtocol

/// Changes the model by an event; pure: what has to be done outside comes back as effects.
package func update(_ model: inout Model, _ event: Event) -> [Effect] {
  var effects: [Effect] = []
  let before = model.viewOfCursor
  switch event {
  case .key(let key):
    effects = model.press(key)
  case .paste(let text):
    _ = model.insert(text)
  case .resize(let columns, let rows):
    model.columns = min(max(columns, 0), Canvas.maximumSide)
    model.rows = min(max(rows, 0), Canvas.maximumSide)
  case .tick(let now):
    model.now = now
    if let notice = model.notice, now - notice.at > Notice.lifetime { model.notice = nil }
  case .connected:
    model.connect()
  case .connectionLost(let reason):
    model.disconnect(reason: reason)
  case .snapshot(let snapshot):
    model.take(snapshot)
  case .tapBatch(let batch):
    model.take(batch)
  case .tapEnded(let reason):
    model.endTap(reason: reason)
  case .reply(let tag, let reply):
    effects = model.take(reply, tag: tag)
  case .command(let line, let result):
    effects = model.take(result, of: line)
  case .mouse(let event):
    effects = model.take(event)
  case .saved(let path, let failure):
    model.saved(path, failure: failure)
  }
  let isSnapshot = if case .snapshot = event { true } else { false }
  model.settle(from: before, isSnapshot: isSnapshot)
  return effects + model.watchIfChanged() + model.tapIfChanged() + model.askForHistory()
    + model.limitPreviewIfChanged()
}

extension Model {
  /// Says what happened, in the line above the footer.
  mutating func note(_ text: String, _ tone: Notice.Tone, command: String? = nil) {
    notice = Notice(text: text, tone: tone, command: command, at: now)
  }

  /// The key of an action, as a sentence names it.
  func keyLabel(_ action: Action) -> String { setup.keys.label(of: action, at: place) ?? "no key" }

  /// Text from outside in a form that may be drawn.
  func shown(_ text: String) -> String {
    setup.repertoire.shown(text)
  }

  /// The watch to send, if what is looked at has changed.
  fileprivate mutating func watchIfChanged() -> [Effect] {
    guard connection.isConnected else { return [] }
    let wanted = watch
    if var sent = pacing.sentWatch {
      // The engine counts events on by itself; only beginning and end of them matter.
      if sent.eventsAfter != nil, wanted.eventsAfter != nil {
        sent.eventsAfter = wanted.eventsAfter
      }
      guard sent != wanted else { return [] }
    }
    pacing.sentWatch = wanted
    pacing.awaitsPicture = pacing.isPaused
    return [.watch(wanted)]
  }

  /// Where the cursor of the session table is, and whether its row is visible.
  fileprivate var viewOfCursor: (index: Int, isVisible: Bool) {
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
    case .closes: settleCloses(visible: layout.bodyRows)
    case .history:
      positions[.history, default: ListPosition()].settle(
        count: history.entries.count, visible: layout.bodyRows)
    case .log:
      positions[screen, default: ListPosition()].settleText(
        count: textLines(at: screen.place).count, visible: layout.bodyRows)
    case .rooms: settleGroups()
    case .sessions, .traffic: break
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
