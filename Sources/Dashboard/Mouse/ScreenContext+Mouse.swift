import ControlProtocol
import Vocabulary

extension ScreenContext {
  /// Takes a click on a row of the list that a dialog shows; gives what it does beyond that.
  mutating func pointDialog(at index: Int) -> Action? {
    switch dialog {
    case .sortPicker(var position):
      if position.cursor == index { return .accept }
      position.cursor = index
      dialog = .sortPicker(position)
      return nil
    case .columns(var form):
      form.position.cursor = index
      dialog = .columns(form)
      return .mark
    default: return nil
    }
  }

  /// Takes a click on a screen: one on the row under the cursor opens it, one on the heading that
  /// is sorted by reverses the order.
  mutating func click(_ target: Target, on screen: Screen) -> Reaction {
    switch (target, screen) {
    case (.sort(let key), .sessions):
      if table.sort == key { return perform(.reverseSort, on: screen) }
      sort(by: key)
    case (.row(let index), .sessions):
      if table.position.cursor == index, table.cursor != nil { return perform(.open, on: screen) }
      table.point(at: index, picture.row(at: index)?.id)
    default: return .ignored
    }
    return .handled([])
  }
}

extension Dialog {
  /// Moves the focus of a form to its buttons.
  mutating func focusButtons() {
    switch self {
    case .close(var form):
      form.focus = .buttons
      self = .close(form)
    case .send(var form):
      form.focus = .buttons
      self = .send(form)
    case .limit(var form):
      form.focus = .buttons
      self = .limit(form)
    default: break
    }
  }
}
