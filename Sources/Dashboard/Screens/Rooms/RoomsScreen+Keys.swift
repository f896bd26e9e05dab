import ControlProtocol
import Vocabulary

extension RoomsScreen {
  package mutating func perform(_ action: Action, in context: inout ScreenContext) -> Reaction {
    switch action {
    case .move(let motion):
      position.move(motion, count: count, visible: Layout(context).bodyRows)
      cursor = row(at: position.cursor).map { UTF8Name($0.name) }
    case .otherGroups:
      kind = kind.cycled(by: 1)
      name = ""
      rearrange()
    case .nextSort: sort(by: sort.cycled(by: 1))
    case .previousSort: sort(by: sort.cycled(by: -1))
    case .reverseSort:
      isDescending.toggle()
      rearrange()
    case .filter:
      context.dialog = .groupName(
        LineEditor(name, maximumByteCount: GroupQuery.maximumNameByteCount))
    case .cancel where !name.isEmpty:
      name = ""
      rearrange()
    case .open, .tap, .send, .close: return .handled(performOnRow(action, in: &context))
    default: return .ignored
    }
    return .handled([])
  }

  /// Moves to the clicked row, or opens it if the cursor is on it; on a heading, sorts by the
  /// column, or reverses the order.
  package mutating func click(_ target: Target, in context: inout ScreenContext) -> Reaction {
    switch target {
    case .heading(let index):
      let key = GroupSortKey.allCases[index]
      if sort == key { return perform(.reverseSort, in: &context) }
      sort(by: key)
    case .row(let index):
      if position.cursor == index, cursor != nil { return perform(.open, in: &context) }
      position.cursor = index
      cursor = row(at: index).map { UTF8Name($0.name) }
    default: return .ignored
    }
    return .handled([])
  }

  package func offers(_ action: Action, in context: ScreenContext) -> Bool {
    ![.open, .tap, .send, .close].contains(action) || cursor != nil
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
      name = editor.text
      rearrange()
    case .edit(let edit):
      editor.perform(edit)
      context.dialog = .groupName(editor)
    default: break
    }
    return []
  }

  private func performOnRow(_ action: Action, in context: inout ScreenContext) -> [Effect] {
    guard let row = current else {
      context.note("there is no \(kind.noun) under the cursor", .warning)
      return []
    }
    let filter = SessionFilter.text(kind.filterKey, equals: row.name)
    guard (try? SessionFilter(filter)) != nil else {
      context.note("the \(kind.noun)'s name is too long for a filter", .warning)
      return []
    }
    switch action {
    case .tap: context.openTap(of: .filter(filter))
    case .open:
      context.errands.append(.sessions(filter: filter, .live))
      context.note(
        "the sessions of \(kind.noun) \(context.shown(row.name)); Esc shows all", .done)
    default: return context.openAct(isClose: action == .close, on: ActPlan([.filter(filter)]))
    }
    return []
  }
}
