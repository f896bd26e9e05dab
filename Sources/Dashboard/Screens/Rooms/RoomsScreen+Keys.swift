import ControlProtocol
import Vocabulary

extension RoomsScreen {
  package mutating func perform(_ action: Action, in context: inout ScreenContext) -> Reaction {
    if groups.arrange(action, visible: Layout(context).bodyRows) { return .handled([]) }
    switch action {
    case .otherGroups:
      groups.kind = groups.kind == .rooms ? .routes : .rooms
      groups.name = ""
      groups.rearrange()
    case .filter:
      context.dialog = .groupName(
        LineEditor(groups.name, maximumByteCount: GroupQuery.maximumNameByteCount))
    case .cancel where !groups.name.isEmpty:
      groups.name = ""
      groups.rearrange()
    case .open, .tap, .send, .close: return .handled(performOnRow(action, in: &context))
    default: return .ignored
    }
    return .handled([])
  }

  /// Moves to the clicked row, or opens it if the cursor is on it; on a heading, sorts by the
  /// column, or reverses the order.
  package mutating func click(_ target: Target, in context: inout ScreenContext) -> Reaction {
    groups.point(at: target) ? perform(.open, in: &context) : .handled([])
  }

  package func offers(_ action: Action, in context: ScreenContext) -> Bool {
    ![.open, .tap, .send, .close].contains(action) || groups.cursor != nil
  }

  /// Performs an action in the line in which a name is typed.
  package mutating func performInDialog(
    _ action: Action, in context: inout ScreenContext
  ) -> [Effect] {
    guard case .groupName(var editor)? = context.dialog else {
      context.dialog = nil
      return []
    }
    switch action {
    case .cancel: context.dialog = nil
    case .accept:
      context.dialog = nil
      groups.name = editor.text
      groups.rearrange()
    case .edit(let edit):
      editor.perform(edit)
      context.dialog = .groupName(editor)
    default: break
    }
    return []
  }

  private func performOnRow(_ action: Action, in context: inout ScreenContext) -> [Effect] {
    let noun = groups.kind.noun
    guard let row = groups.current else {
      context.note("there is no \(noun) under the cursor", .warning)
      return []
    }
    let filter = groups.filter(of: row)
    guard (try? SessionFilter(filter)) != nil else {
      context.note("the \(noun)'s name is too long for a filter", .warning)
      return []
    }
    switch action {
    case .tap: context.openTap(of: .filter(filter))
    case .open:
      context.errands.append(.sessions(filter: filter, .live))
      context.note("the sessions of \(noun) \(context.shown(row.name)); Esc shows all", .done)
    default: return context.openAct(isClose: action == .close, on: ActPlan([.filter(filter)]))
    }
    return []
  }
}
