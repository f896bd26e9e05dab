import ControlProtocol
import Vocabulary

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
      var canvas = Canvas(columns: columns, rows: rows)
      draw(self, into: &canvas)
      guard let target = canvas.target(row: event.row, column: event.column) else { return [] }
      return click(target)
    }
  }

  private mutating func turnWheel(_ motion: Action.Motion) -> [Effect] {
    guard setup.keys.has(.move(motion), at: place) else { return [] }
    return (0..<Self.wheelStep).flatMap { _ in perform(.move(motion)) }
  }

  private mutating func click(_ target: Target) -> [Effect] {
    switch target {
    case .key(let key): return press(key)
    case .screen(let wanted): return perform(.show(wanted))
    case .sort(let key):
      if table.sort == key { return perform(.reverseSort) }
      sort(by: key)
      return []
    case .sortGroups(let key):
      if groups.sort == key { return perform(.reverseSort) }
      groups.sort(by: key)
      return []
    case .row(let index): return clickRow(index)
    case .cell(let row, let column):
      guard closes.column != column else { return clickRow(row) }
      closes.column = column
      pointCloses(at: row)
      return []
    case .button(let isYes):
      dialog?.focusButtons()
      return performInDialog(isYes ? .yes : .no)
    }
  }

  /// A click goes to the row; one on the row under the cursor opens it.
  private mutating func clickRow(_ index: Int) -> [Effect] {
    switch dialog {
    case .sortPicker(var position):
      if position.cursor == index { return performInDialog(.accept) }
      position.cursor = index
      dialog = .sortPicker(position)
      return []
    case .columns(var form):
      form.position.cursor = index
      dialog = .columns(form)
      return performInDialog(.mark)
    case nil where pages.isEmpty: break
    default: return []
    }
    switch screen {
    case .sessions:
      if table.position.cursor == index, table.cursor != nil { return perform(.open) }
      table.point(at: index, picture.row(at: index)?.id)
      return []
    case .traffic: return []
    case .closes:
      if closeCursor(in: closeLines) == index { return perform(.open) }
      pointCloses(at: index)
      return []
    case .rooms:
      if groups.position.cursor == index, groups.cursor != nil { return perform(.open) }
      groups.position.cursor = index
      groups.cursor = group(at: index).map { UTF8Name($0.name) }
      return []
    default:
      if positions[screen]?.cursor == index { return perform(.open) }
      positions[screen, default: ListPosition()].cursor = index
      return []
    }
  }
}

extension Dialog {
  /// Moves the focus of a form to its buttons.
  fileprivate mutating func focusButtons() {
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
