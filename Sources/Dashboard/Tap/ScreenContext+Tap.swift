import ControlProtocol
import Vocabulary

extension ScreenContext {
  /// The index of the tap's page, of which there is one at most.
  private var tapIndex: Int? {
    pages.lastIndex { if case .tap = $0 { true } else { false } }
  }

  /// The tap's page.
  var tapPage: TapPage? {
    guard let tapIndex, case .tap(let page) = pages[tapIndex] else { return nil }
    return page
  }

  /// Changes the tap's page, if there is one.
  mutating func changeTap(_ body: (inout TapPage) -> Void) {
    guard let tapIndex, case .tap(var page) = pages[tapIndex] else { return }
    // `pages` lets go of the page for the change, so that nothing of it is copied.
    pages[tapIndex] = .help(of: .tap, ListPosition())
    body(&page)
    pages[tapIndex] = .tap(page)
  }

  // MARK: Opening

  /// Opens a tap.
  mutating func openTap(of subject: TapRequest.Subject, options: TapOptions = TapOptions()) {
    guard !refuseReadOnly() else { return }
    guard connection.isConnected else {
      note("not connected: nothing can be tapped", .failed)
      return
    }
    errands.append(.pinSession)
    pages.removeAll { if case .tap = $0 { true } else { false } }
    var page = TapPage(subject)
    page.options = options
    pages.append(.tap(page))
    noteTap()
  }

  private mutating func noteTap() {
    guard let page = tapPage else { return }
    note(
      "tapping " + tapTitle(page), .done,
      command: EquivalentCommand.tap(TapRequest(page.subject, options: page.options), setup))
  }

  /// The subject of a tap, in words.
  func tapTitle(_ page: TapPage) -> String {
    switch page.subject {
    case .session(let id): id.description
    case .filter(let filter): filter.isEmpty ? "all sessions" : shown(filter)
    }
  }

  // MARK: Events of the engine

  /// Takes a batch of the tap's messages.
  mutating func take(_ batch: TapBatch) {
    let visible = tapListRows
    changeTap { page in
      // A batch was on its way when the tap ended.
      if case .ended = page.state { return }
      page.state = .running
      page.sessionCount = batch.sessions
      page.scrollback.append(
        batch, isHeld: page.isPaused || page.zoom != nil, visible: visible)
    }
  }

  /// Notes that the engine ended the tap.
  mutating func endTap(reason: String) {
    pacing.sentTap = nil
    let text = shown(reason)
    changeTap { $0.state = .ended(text) }
  }

  /// The rows of a tap's list.
  var tapListRows: Int {
    TapPage.listRows(of: Layout(self).bodyRows)
  }

  // MARK: Actions

  /// Performs an action on a tap's page; false if it means nothing there.
  mutating func performInTap(_ action: Action) -> Bool {
    guard case .tap(let page)? = pages.last else { return false }
    let visible = tapListRows
    switch action {
    case .move(let motion) where page.zoom == nil:
      changeTap { $0.scrollback.move(motion, visible: visible) }
    case .open: zoomTap(page)
    case .back, .cancel:
      guard page.zoom != nil else { return false }
      changeTap { $0.zoom = nil }
    case .pause: pauseTap(page)
    case .payloadView:
      changeTap { page in
        page.view = page.view.cycled(by: 1)
        if page.zoom != nil { page.zoom = ListPosition() }
      }
      note("payloads as " + page.view.cycled(by: 1).title, .done)
    case .tapDirection:
      changeTap { $0.cycleDirection() }
      noteTap()
    case .tapKinds:
      changeTap { $0.options.kinds = $0.kindChoice.cycled(by: 1).kinds }
      noteTap()
    case .tapField(let field):
      let text: String =
        switch field {
        case .search: ""
        case .text: page.options.text ?? ""
        case .sizes: page.options.sizesText
        }
      dialog = .tapField(field, LineEditor(text, maximumByteCount: TapOptions.maximumTextByteCount))
    case .findNext, .findPrevious: find(backward: action == .findPrevious)
    case .clear: changeTap { $0.scrollback.clear() }
    default: return false
    }
    return true
  }

  private mutating func zoomTap(_ page: TapPage) {
    guard page.scrollback.current != nil else {
      note("there is no message under the cursor", .warning)
      return
    }
    changeTap { $0.zoom = page.zoom == nil ? ListPosition() : nil }
  }

  private mutating func pauseTap(_ page: TapPage) {
    let visible = tapListRows
    changeTap { page in
      page.isPaused.toggle()
      if !page.isPaused { page.scrollback.follow(visible: visible) }
    }
    let key = keyLabel(.pause)
    note(
      page.isPaused ? "the tap runs again" : "the tap is paused: \(key) lets it run again", .done)
  }

  private mutating func find(backward: Bool) {
    guard let page = tapPage else { return }
    guard !page.search.isEmpty else {
      note("\(keyLabel(.tapField(.search))) says what to search for", .warning)
      return
    }
    let visible = tapListRows
    var found = (isFound: false, isAround: false)
    changeTap { found = $0.scrollback.find($0.search, backward: backward, visible: visible) }
    if !found.isFound {
      note("nothing here has \(shown(page.search))", .warning)
    } else if found.isAround {
      note(backward ? "from the end again" : "from the start again", .done)
    }
  }

  /// Performs an action in the line at the bottom of a tap.
  mutating func performInTapField(_ action: Action, _ field: TapField, _ old: LineEditor) {
    var editor = old
    switch action {
    case .cancel: dialog = nil
    case .accept:
      if accept(editor.text, in: field) { dialog = nil }
    case .edit(let edit):
      editor.perform(edit)
      dialog = .tapField(field, editor)
    default: break
    }
  }

  /// Uses what was typed; false if it is invalid.
  private mutating func accept(_ text: String, in field: TapField) -> Bool {
    guard let page = tapPage else { return true }
    switch field {
    case .search:
      if !text.isEmpty { changeTap { $0.search = text } }
      find(backward: false)
    case .text:
      var options = page.options
      options.text = text.isEmpty ? nil : text
      do throws(ControlError) {
        let checked = try options.checked()
        changeTap { $0.options = checked }
        noteTap()
      } catch {
        note(shown(error.error.message), .failed)
        return false
      }
    case .sizes:
      guard let options = page.options.withSizes(text) else {
        note("\(shown(text)) are no sizes such as 1KiB..64KiB, 1KiB.. or ..100", .failed)
        return false
      }
      changeTap { $0.options = options }
      noteTap()
    }
    return true
  }

  // MARK: Effects

  /// The change of the engine's tap that the page needs, if there is one.
  mutating func tapIfChanged() -> [Effect] {
    let wanted = connection.isConnected ? tapPage?.request : nil
    guard pacing.sentTap != wanted else { return [] }
    defer { pacing.sentTap = wanted }
    if let sent = pacing.sentTap, let wanted, sent.subject == wanted.subject {
      return [.changeTap(wanted.options)]
    }
    return [.tap(wanted)]
  }
}
