import ControlProtocol
import Vocabulary

extension HistoryScreen {
  package mutating func perform(_ action: Action, in context: inout ScreenContext) -> Reaction {
    switch action {
    case .move(let motion):
      position.move(motion, count: entries.count, visible: Layout(context).bodyRows)
    case .open: open(in: &context)
    case .filter: context.dialog = .filter(FilterLine(filter))
    case .cycleSelection: cycleKinds()
    case .copy:
      let session =
        entries.indices.contains(position.cursor) ? entries[position.cursor].session : nil
      return .handled(context.openCopyPicker(id: session?.id, address: session?.address))
    case .cancel where !filter.isEmpty:
      context.forgetSearch()
      look(for: "")
    default: return .ignored
    }
    return .handled([])
  }

  /// Moves to the clicked row, or opens it if the cursor is on it.
  package mutating func click(_ target: Target, in context: inout ScreenContext) -> Reaction {
    guard case .row(let index) = target else { return .ignored }
    if position.cursor == index { return perform(.open, in: &context) }
    position.cursor = index
    return .handled([])
  }

  package func offers(_ action: Action, in context: ScreenContext) -> Bool {
    switch action {
    case .open: !entries.isEmpty
    case .filter: context.latest.statistics != nil
    default: true
    }
  }

  package mutating func performInDialog(
    _ action: Action, in context: inout ScreenContext
  ) -> [Effect] {
    guard case .filter(var line)? = context.dialog else {
      context.dialog = nil
      return []
    }
    switch line.perform(action, knowing: context.knownValues) {
    case .stay: context.dialog = .filter(line)
    case .cancel:
      context.dialog = nil
      context.latest.filterError = nil
    case .perform:
      context.dialog = nil
      position = ListPosition()
      look(for: line.editor.text)
    }
    return []
  }

  /// Opens the page of the entry under the cursor.
  private func open(in context: inout ScreenContext) {
    guard entries.indices.contains(position.cursor) else { return }
    context.pages.append(.entry(entries[position.cursor], ListPosition()))
  }
}
