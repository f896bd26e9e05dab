extension Model {
  /// How many rows the wheel moves at once.
  private static let wheelStep = 3

  /// Takes what was done with the mouse.
  mutating func take(_ event: MouseEvent) -> [Effect] {
    switch event.kind {
    case .wheelUp: return turnWheel(.up)
    case .wheelDown: return turnWheel(.down)
    case .press:
      // Clicks are rare: drawing once more costs less than remembering every picture's targets.
      var canvas = Canvas(columns: context.columns, rows: context.rows)
      draw(self, into: &canvas)
      guard let target = canvas.target(row: event.row, column: event.column) else { return [] }
      return click(target)
    }
  }

  private mutating func turnWheel(_ motion: Action.Motion) -> [Effect] {
    guard context.setup.keys.has(.move(motion), at: context.place) else { return [] }
    return (0..<Self.wheelStep).flatMap { _ in perform(.move(motion)) }
  }
}

extension ScreenContext {
  /// Takes a click on a row of the list that a dialog shows; gives what it does beyond that.
  mutating func pointDialog(at index: Int) -> Action? {
    switch dialog {
    case .sortPicker(var picker):
      if picker.position.cursor == index { return .accept }
      picker.position.cursor = index
      dialog = .sortPicker(picker)
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
