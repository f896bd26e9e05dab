import ControlProtocol
import Vocabulary

extension ScreenContext {
  /// Performs an action on the topmost page, if there is one.
  mutating func performOnPage(_ action: Action) -> Reaction {
    guard dialog == nil, let page = pages.last else { return .ignored }
    if performInTap(action) { return .handled([]) }
    switch action {
    case .move(let motion): move(motion, on: page)
    case .back: pages.removeLast()
    case .cancel:
      forgetSearch()
      pages.removeLast()
    case .send, .close:
      guard case .details(let page) = page else { return .ignored }
      return .handled(openAct(isClose: action == .close, on: [page.id]))
    case .copy: return .handled(copy(from: page))
    case .tap:
      guard case .details(let page) = page else { return .ignored }
      openTap(of: .session(page.id))
    default: return .ignored
    }
    return .handled([])
  }

  /// Performs an action that means the same everywhere.
  mutating func performAnywhere(_ action: Action) -> Reaction {
    switch action {
    case .quit, .back: return .handled(leave())
    case .redraw: return .handled([.redraw])
    case .suspend: return .handled([.suspend])
    case .cancel:
      forgetSearch()
      screen = .sessions
    case .help: pages.append(.help(of: keyContext, ListPosition()))
    case .show(let wanted): show(wanted)
    case .nextScreen: show(screen.cycled(by: 1))
    case .previousScreen: show(screen.cycled(by: -1))
    case .theme: return .handled(changeTheme())
    case .mouse: return .handled(changeMouse())
    case .command: dialog = .command(CommandEntry())
    case .pause: pause()
    case .slower, .faster: changePace(longer: action == .slower)
    case .abortAct: return .handled(abortAct())
    case .copy: return .handled(openCopyPicker())
    case .copyCommand: return .handled(copyCommand())
    default: return .ignored
    }
    return .handled([])
  }

  /// Opens the list of what can be copied of a page.
  private mutating func copy(from page: Page) -> [Effect] {
    switch page {
    case .details(let page):
      let row = latest.details?.row
      return openCopyPicker(id: page.id, address: row?.id == page.id ? row?.address : nil)
    case .entry(let entry, _):
      return openCopyPicker(id: entry.session?.id, address: entry.session?.address)
    case .tap, .help, .text: return openCopyPicker()
    }
  }

  /// Leaves the console; asks first if that is the end of the engine.
  private mutating func leave() -> [Effect] {
    guard setup.endsEngine, connection.isConnected else { return [.quit] }
    if case .leave? = dialog { return [.quit] }
    dialog = .leave(LeaveForm())
    return []
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

  /// Shows a screen, and closes the pages on top of the one before.
  mutating func show(_ wanted: Screen) {
    screen = wanted
    pages = []
  }

  private mutating func pause() {
    pacing.isPaused.toggle()
    pacing.awaitsSnapshot = false
    note(
      pacing.isPaused ? "paused: \(keyLabel(.pause)) lets it run again" : "running again", .done)
  }

  private mutating func changePace(longer: Bool) {
    guard pacing.step(longer: longer) else { return }
    note("a picture every " + Pacing.text(pacing.intervalMilliseconds), .done)
  }
}
