import ControlProtocol
import Vocabulary

extension ScreenContext {
  /// The rooms or routes that the engine sent last; nil if they are not those that are looked at.
  var groupList: GroupList? {
    guard let list = picture.groups, list.kind == groups.kind else { return nil }
    return list
  }

  /// How many rooms or routes there are.
  var groupCount: Int { groupList?.total ?? 0 }

  /// The row at an index of the whole list, if it is in the window.
  func group(at index: Int) -> GroupRow? {
    guard let list = groupList else { return nil }
    let place = index - list.offset
    return list.groups.indices.contains(place) ? list.groups[place] : nil
  }

  /// The row under the cursor.
  var currentGroup: GroupRow? {
    guard let name = groups.cursor else { return nil }
    return groupList?.groups.first { UTF8Name($0.name) == name }
  }

  /// The filter that finds the sessions of a room or route.
  private func filter(for row: GroupRow) -> String {
    SessionFilter.text(groups.kind.filterKey, equals: row.name)
  }

  /// Takes a window of rooms or routes; the cursor stays on its row as long as that is there.
  mutating func takeGroups(_ new: GroupList) {
    var list = new
    list.total = min(max(list.total, 0), Picture.maximumSessionCount)
    list.offset = min(max(list.offset, 0), Picture.maximumSessionCount)
    picture.groups = list
    guard list.kind == groups.kind else { return }
    if let name = groups.cursor,
      let index = list.groups.firstIndex(where: { UTF8Name($0.name) == name }),
      groups.position.cursor > 0
    {
      groups.position.cursor = index + list.offset
    }
    settleGroups()
    groups.cursor = group(at: groups.position.cursor).map { UTF8Name($0.name) }
  }

  /// Keeps the cursor inside of the list.
  mutating func settleGroups() {
    guard groupList != nil else { return }
    groups.position.settle(count: groupCount, visible: Layout(self).bodyRows)
  }

  /// Takes an action on the screen of rooms and routes; nil if it means nothing there.
  mutating func performInGroups(_ action: Action) -> [Effect]? {
    switch action {
    case .move(let motion):
      groups.position.move(motion, count: groupCount, visible: Layout(self).bodyRows)
      groups.cursor = group(at: groups.position.cursor).map { UTF8Name($0.name) }
    case .otherGroups:
      groups.kind = groups.kind.cycled(by: 1)
      groups.name = ""
      groups.rearrange()
    case .nextSort: groups.sort(by: groups.sort.cycled(by: 1))
    case .previousSort: groups.sort(by: groups.sort.cycled(by: -1))
    case .reverseSort:
      groups.isDescending.toggle()
      groups.rearrange()
    case .filter:
      dialog = .groupName(
        LineEditor(groups.name, maximumByteCount: GroupQuery.maximumNameByteCount))
    case .cancel where !groups.name.isEmpty:
      groups.name = ""
      groups.rearrange()
    case .open, .tap, .send, .close: return performOnGroup(action)
    default: return nil
    }
    return []
  }

  private mutating func performOnGroup(_ action: Action) -> [Effect] {
    guard let row = currentGroup else {
      note("there is no \(groups.kind.noun) under the cursor", .warning)
      return []
    }
    let filter = filter(for: row)
    guard (try? SessionFilter(filter)) != nil else {
      note("the \(groups.kind.noun)'s name is too long for a filter", .warning)
      return []
    }
    switch action {
    case .tap: openTap(of: .filter(filter))
    case .open:
      errands.append(.sessions(filter: filter, .live))
      note("the sessions of \(groups.kind.noun) \(shown(row.name)); Esc shows all", .done)
    default: return openAct(isClose: action == .close, on: ActPlan([.filter(filter)]))
    }
    return []
  }

  /// Takes an action in the line in which a name is typed.
  mutating func performInGroupName(_ action: Action, _ old: LineEditor) {
    var editor = old
    switch action {
    case .cancel: dialog = nil
    case .accept:
      dialog = nil
      groups.name = editor.text
      groups.rearrange()
    case .edit(let edit):
      editor.perform(edit)
      dialog = .groupName(editor)
    default: break
    }
  }
}
