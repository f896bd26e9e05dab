import ControlProtocol
import Vocabulary

extension SessionsScreen {
  package mutating func performInDialog(
    _ action: Action, in context: inout ScreenContext
  ) -> [Effect] {
    switch context.dialog {
    case .filter(let line): performInFilter(action, line, in: &context)
    case .sortPicker(let picker): performInPicker(action, picker, in: &context)
    case .groupPicker(let picker): performInGroupPicker(action, picker, in: &context)
    case .columns(let form): return performInColumns(action, form, in: &context)
    default: context.dialog = nil
    }
    return []
  }

  /// Each change of the text is tried at once.
  package mutating func draftChanged(in context: inout ScreenContext) {
    table.rearrange()
    groups?.rearrange()
  }

  private mutating func performInFilter(
    _ action: Action, _ old: FilterLine, in context: inout ScreenContext
  ) {
    var line = old
    let step = line.perform(action, knowing: context.knownValues)
    switch step {
    case .stay:
      context.dialog = .filter(line)
      if line.tried != old.tried { table.rearrange() }
    case .cancel:
      context.dialog = nil
      context.latest.filterError = nil
      if line.tried != table.filter { table.rearrange() }
    case .perform:
      context.dialog = nil
      table.filter = line.editor.text
    }
  }

  private mutating func performInPicker(
    _ action: Action, _ old: SortPicker, in context: inout ScreenContext
  ) {
    var picker = old
    switch action {
    case .cancel, .back: context.dialog = nil
    case .accept:
      context.dialog = nil
      if let key = picker.current { sort(by: key) }
    case .edit(.deleteBackward):
      picker.deleteLast()
      context.dialog = .sortPicker(picker)
    case .move(let motion):
      picker.search.clear()
      picker.position.move(
        motion, count: SortPicker.keys.count, visible: SortPicker.visibleRows(in: context))
      context.dialog = .sortPicker(picker)
    default: break
    }
  }

  private mutating func performInColumns(
    _ action: Action, _ old: ColumnForm, in context: inout ScreenContext
  ) -> [Effect] {
    var form = old
    let visible = ColumnPicker.visibleRows(in: context)
    switch action {
    case .cancel, .back:
      table.columns = form.original
      context.dialog = nil
      return []
    case .accept:
      context.dialog = nil
      return [.save(arrangement)]
    case .move(let motion):
      form.search.clear()
      form.position.move(motion, count: form.entries.count, visible: visible)
    case .edit(.deleteBackward): form.deleteLast()
    case .mark: form.toggle()
    case .shiftLeft: form.shift(by: -1, visible: visible)
    case .shiftRight: form.shift(by: 1, visible: visible)
    case .reset: form.reset()
    default: break
    }
    context.dialog = .columns(form)
    table.columns = form.choice
    return []
  }
}
