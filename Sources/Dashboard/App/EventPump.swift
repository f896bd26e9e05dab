/// The layers that an action is offered to, topmost first, until one does not ignore it.
private enum Layer: CaseIterable {
  /// The topmost dialog or line.
  case dialog
  /// The search in the topmost text.
  case search
  /// The topmost page.
  case page
  /// The screen, if no page is on top of it.
  case screen
  /// The actions that mean the same everywhere.
  case global
}

extension Model {
  /// Handles a key.
  ///
  /// The notice of the action before ends with it.
  mutating func press(_ key: Key) -> [Effect] {
    context.notice = nil
    // Characters are text where a field has the focus, whatever they do elsewhere.
    if case .character(let character) = key, insert(String(character)) { return [] }
    guard let action = context.setup.keys.action(of: key, in: context.keyContext) else { return [] }
    return perform(action)
  }

  /// Gives typed or pasted text to the field that has the focus; false if none has.
  mutating func insert(_ text: String) -> Bool {
    guard var dialog = context.dialog else { return false }
    let old = dialog.draftFilter
    guard dialog.insert(text) else { return false }
    context.dialog = dialog
    if old != dialog.draftFilter { screens[context.screen].draftChanged(in: &context) }
    return true
  }

  /// Performs an action in the topmost layer that does not ignore it.
  mutating func perform(_ action: Action) -> [Effect] {
    for layer in Layer.allCases {
      if case .handled(let effects) = perform(action, in: layer) { return effects }
    }
    return []
  }

  private mutating func perform(_ action: Action, in layer: Layer) -> Reaction {
    switch layer {
    case .dialog: performInDialog(action)
    case .search: performInSearch(action)
    case .page: context.performOnPage(action)
    case .screen:
      context.pages.isEmpty && context.dialog == nil
        ? screens[context.screen].perform(action, in: &context) : .ignored
    case .global: context.performAnywhere(action)
    }
  }

  /// Handles a click on a target.
  mutating func click(_ target: Target) -> [Effect] {
    context.notice = nil
    switch target {
    case .key(let key): return press(key)
    case .screen(let wanted): return perform(.show(wanted))
    case .button(let isYes):
      context.dialog?.focusButtons()
      return perform(isYes ? .yes : .no)
    case .field(let index), .choice(let index):
      guard var form = context.dialog?.form else { return [] }
      let wasFocused = form.focusIndex == index
      form.point(at: index)
      context.dialog = form.dialog
      if case .choice = target, wasFocused { return perform(.edit(.right)) }
      return []
    case .row(let index) where context.dialog != nil:
      return context.pointDialog(at: index).map { perform($0) } ?? []
    case .heading, .row, .cell:
      guard context.pages.isEmpty, context.dialog == nil,
        case .handled(let effects) = screens[context.screen].click(target, in: &context)
      else { return [] }
      return effects
    }
  }

  /// Runs the errands that wait.
  mutating func runErrands() {
    for errand in context.errands {
      switch errand {
      case .sessions(let filter, let selection):
        let screen = context.screen
        screens[SessionsScreen.self].show(filter, selection, from: screen)
        context.screen = .sessions
        if screen != .sessions {
          context.note("\(context.keyLabel(.cancel)) goes back to \(screen.title)", .done)
        }
      case .limit(let key, let scope):
        screens[LimitsScreen.self].point(at: key, scope, in: context)
      case .pinSession: screens[SessionsScreen.self].table.isPinned = true
      case .unmark(let sessions): screens[SessionsScreen.self].table.marks.subtract(sessions)
      }
    }
    context.errands = []
  }
}
