/// What an action is offered to, from the top to the bottom; the first that does not ignore it has
/// it.
private enum Layer: CaseIterable {
  /// The dialog or line on top of all.
  case dialog
  /// The search in the text that is on top.
  case search
  /// The page on top.
  case page
  /// The screen, if no page is on top of it.
  case screen
  /// What holds everywhere.
  case global
}

extension Model {
  /// Takes a key.
  mutating func press(_ key: Key) -> [Effect] {
    // Where a field has the focus, characters are text, whatever else they mean elsewhere.
    if case .character(let character) = key, insert(String(character)) { return [] }
    guard let action = context.setup.keys.action(of: key, at: context.place) else { return [] }
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

  /// Does what a key means.
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

  /// Takes a click on something that was drawn.
  mutating func click(_ target: Target) -> [Effect] {
    switch target {
    case .key(let key): return press(key)
    case .screen(let wanted): return perform(.show(wanted))
    case .button(let isYes):
      context.dialog?.focusButtons()
      return perform(isYes ? .yes : .no)
    case .row(let index) where context.dialog != nil:
      return context.pointDialog(at: index).map { perform($0) } ?? []
    case .heading, .row, .cell:
      guard context.pages.isEmpty, context.dialog == nil,
        case .handled(let effects) = screens[context.screen].click(target, in: &context)
      else { return [] }
      return effects
    }
  }

  /// Runs what has been asked of screens.
  mutating func runErrands() {
    for errand in context.errands {
      switch errand {
      case .sessions(let filter, let selection):
        screens[SessionsScreen.self].show(filter, selection)
        context.screen = .sessions
      case .pinSession: screens[SessionsScreen.self].table.isPinned = true
      case .unmark(let sessions): screens[SessionsScreen.self].table.marks.subtract(sessions)
      }
    }
    context.errands = []
  }
}
