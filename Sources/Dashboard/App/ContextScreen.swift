import ControlProtocol

/// A screen whose state is part of what all share, the `ScreenContext`, and not a value of its own.
///
/// It hands everything on to functions there; `Screen.initialState` lists those that it stands for.
struct ContextScreen: ScreenState {
  private let screen: Screen

  init(_ screen: Screen) {
    self.screen = screen
  }

  func wish(in context: ScreenContext, to request: inout WatchRequest) {
    context.addWish(of: screen, to: &request)
  }

  func isAnswered(by snapshot: Snapshot, to wish: WatchRequest) -> Bool {
    if let query = wish.sessions {
      guard snapshot.sessions != nil || snapshot.filterError != nil else { return false }
      if wish.follow == nil, let list = snapshot.sessions, list.offset != query.offset {
        return false
      }
    }
    return true
  }

  mutating func perform(_ action: Action, in context: inout ScreenContext) -> Reaction {
    context.perform(action, on: screen)
  }

  mutating func performInDialog(
    _ action: Action, in context: inout ScreenContext
  ) -> [Effect] {
    switch context.dialog {
    case .filter(let line): context.performInFilter(action, line)
    case .sortPicker(let position): context.performInPicker(action, position)
    case .columns(let form): return context.performInColumns(action, form)
    case .groupName, .find, .command, .tapField, .close, .send, .limit, .confirm, nil: break
    }
    return []
  }

  mutating func draftChanged(in context: inout ScreenContext) {
    if screen == .sessions { context.table.rearrange() }
  }

  mutating func click(_ target: Target, in context: inout ScreenContext) -> Reaction {
    context.click(target, on: screen)
  }

  func offers(_ action: Action, in context: ScreenContext) -> Bool {
    context.offers(action, on: screen)
  }

  mutating func settle(in context: ScreenContext) {
    // The model settles what is in its context, once.
  }

  func arrangement(columns: Int, in context: ScreenContext) -> StyledText {
    HeaderView.arrangement(of: screen, columns: columns, in: context)
  }

  func draw(into canvas: inout Canvas, _ layout: Layout, in context: ScreenContext) {
    context.draw(screen, layout, into: &canvas)
  }
}
