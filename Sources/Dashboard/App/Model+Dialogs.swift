extension Model {
  /// Performs an action in the open dialog; global actions are ignored.
  mutating func performInDialog(_ action: Action) -> Reaction {
    guard let dialog = context.dialog, ![.quit, .redraw, .suspend].contains(action) else {
      return .ignored
    }
    var effects: [Effect] = []
    switch dialog {
    case .filter, .groupName, .sortPicker, .groupPicker, .columns:
      effects = screens[context.screen].performInDialog(action, in: &context)
    case .copyPicker(let picker): effects = context.performInCopyPicker(action, picker)
    case .find(let editor): performInFind(action, editor)
    case .command(let entry): effects = context.performInCommand(action, entry)
    case .tapField(let field, let editor): context.performInTapField(action, field, editor)
    case .close, .send, .limit, .confirm, .tapAll, .leave:
      effects = action == .copyCommand ? context.copyCommand() : context.performInForm(action)
    }
    return .handled(effects + context.askForPreview())
  }
}
