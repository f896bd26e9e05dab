extension Model {
  /// The rows that the wheel moves at once.
  private static let wheelStep = 3

  /// Handles an event of the mouse.
  mutating func take(_ event: MouseEvent) -> [Effect] {
    switch event.kind {
    case .wheelUp: return turnWheel(.up)
    case .wheelDown: return turnWheel(.down)
    case .press:
      // `canvas` is drawn anew: clicks are rare, and remembering every drawing's targets costs
      // more.
      var canvas = Canvas(columns: context.columns, rows: context.rows)
      draw(self, into: &canvas)
      guard let target = canvas.target(row: event.row, column: event.column) else { return [] }
      return click(target)
    }
  }

  private mutating func turnWheel(_ motion: Action.Motion) -> [Effect] {
    guard context.setup.keys.has(.move(motion), in: context.keyContext) else { return [] }
    return (0..<Self.wheelStep).flatMap { _ in perform(.move(motion)) }
  }
}

extension ScreenContext {
  /// Handles a click on a row of the dialog's list; returns an action to perform after it.
  mutating func pointDialog(at index: Int) -> Action? {
    switch dialog {
    case .sortPicker(var picker):
      if picker.position.cursor == index { return .accept }
      picker.position.cursor = index
      dialog = .sortPicker(picker)
      return nil
    case .copyPicker(var picker):
      if picker.position.cursor == index { return .accept }
      picker.position.cursor = index
      dialog = .copyPicker(picker)
      return nil
    case .groupPicker(var picker):
      if picker.position.cursor == index { return .accept }
      picker.position.cursor = index
      dialog = .groupPicker(picker)
      return nil
    case .columns(var form):
      form.position.cursor = index
      dialog = .columns(form)
      return .mark
    default: return nil
    }
  }
}

extension Dialog {
  /// Moves the focus of a form to its buttons.
  mutating func focusButtons() {
    guard var form else { return }
    form.focusButtons()
    self = form.dialog
  }
}

extension Form {
  fileprivate mutating func focusButtons() { focus = .buttons }
}
