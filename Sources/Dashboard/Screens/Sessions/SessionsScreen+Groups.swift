import ControlProtocol
import Vocabulary

/// A group that was opened: its sessions are shown by a filter of their own.
struct OpenedGroup: Equatable {
  /// The groups as they were.
  var groups: GroupTable
  /// The filter of the sessions that were grouped.
  var filterBefore: String
  /// The filter of the group's sessions.
  var filter: String
}

extension SessionsScreen {
  // MARK: Choosing

  /// The list of fields to group by.
  var groupPicker: ChoicePicker {
    var choices = SessionGrouping.allCases.map { field in
      ChoicePicker.Choice(action: .groupBy(field), name: field.noun)
    }
    if groups != nil || opened != nil {
      choices.append(ChoicePicker.Choice(action: .ungroup, name: "none: single sessions"))
    }
    let cursor = groups?.by.flatMap(SessionGrouping.allCases.firstIndex(of:)) ?? 0
    return ChoicePicker("Group by", choices, cursor: cursor)
  }

  /// Performs an action in the list of fields to group by.
  mutating func performInGroupPicker(
    _ action: Action, _ old: ChoicePicker, in context: inout ScreenContext
  ) {
    var picker = old
    switch picker.perform(action, in: context) {
    case .stay: context.dialog = .groupPicker(picker)
    case .cancel: context.dialog = nil
    case .choose(let choice):
      context.dialog = nil
      if case .groupBy(let field) = choice.action {
        group(by: field, in: &context)
      } else {
        if let opened, opened.filter == table.filter { table.filter = opened.filterBefore }
        showSingle()
        table.rearrange()
        context.note("single sessions", .done)
      }
    }
  }

  /// Groups the live sessions that match, in the order of the table if groups have one like it.
  mutating func group(by field: SessionGrouping, in context: inout ScreenContext) {
    if let opened, opened.filter == table.filter { table.filter = opened.filterBefore }
    var new = GroupTable(by: field)
    if let old = groups ?? opened?.groups {
      new.sort = old.sort
      new.isDescending = old.isDescending
    } else if let key = GroupSortKey(nearest: table.sort) {
      new.sort = key
      new.isDescending = table.isDescending
    }
    opened = nil
    groups = new
    table.show = .live
    let open = context.keyLabel(.open)
    context.note("live sessions by \(field.noun); \(open) shows those of one group", .done)
  }

  /// Shows the groups that a command asks for.
  mutating func show(
    _ query: GroupQuery, by field: SessionGrouping, in context: inout ScreenContext
  ) {
    showSingle()
    table.filter = query.filter ?? table.filter
    group(by: field, in: &context)
    groups?.name = query.name
    groups?.sort = query.sort
    groups?.isDescending = query.isDescending
  }

  /// Shows single sessions again.
  mutating func showSingle() {
    groups = nil
    opened = nil
  }

  /// Shows the groups again from which one was opened.
  mutating func returnToGroups() {
    guard let opened else { return }
    table.filter = opened.filterBefore
    groups = opened.groups
    self.opened = nil
  }

  // MARK: Acting

  /// Performs an action while groups are shown.
  mutating func performOnGroups(
    _ action: Action, in context: inout ScreenContext
  ) -> Reaction {
    if groups?.arrange(action, visible: Layout(context).bodyRows) == true { return .handled([]) }
    switch action {
    case .pickSort: groups?.sort(step: 1)
    case .open, .tap, .send, .close: return .handled(performOnGroup(action, in: &context))
    case .copy: return .handled(context.openCopyPicker())
    case .mark, .follow, .columns, .rates, .cycleSelection:
      context.note(
        "that is for single sessions: \(context.keyLabel(.open)) shows those of a group,"
          + " \(context.keyLabel(.group)) all", .warning)
    case .cancel where table.filter.isEmpty:
      showSingle()
      table.rearrange()
    default: return .ignored
    }
    return .handled([])
  }

  private mutating func performOnGroup(
    _ action: Action, in context: inout ScreenContext
  ) -> [Effect] {
    guard let groups, let row = groups.current else {
      context.note("there is no group under the cursor", .warning)
      return []
    }
    let own = groups.filter(of: row)
    let filter = table.filter.allSatisfy(\.isWhitespace) ? own : "\(table.filter) \(own)"
    guard (try? SessionFilter(filter)) != nil else {
      context.note("the filter of this group would be longer than a filter can be", .warning)
      return []
    }
    switch action {
    case .tap: context.openTap(of: .filter(filter))
    case .open:
      opened = OpenedGroup(groups: groups, filterBefore: table.filter, filter: filter)
      self.groups = nil
      table.filter = filter
      table.isPinned = false
      table.rearrange()
      let name = row.name.isEmpty ? groups.by?.nothing ?? "" : context.shown(row.name)
      context.note(
        "the sessions of \(name); \(context.keyLabel(.cancel)) shows the groups again", .done)
    default: return context.openAct(isClose: action == .close, on: ActPlan([.filter(filter)]))
    }
    return []
  }
}

extension GroupSortKey {
  /// The order of groups like an order of sessions; nil if there is none.
  init?(nearest field: SessionField) {
    switch field {
    case .messagesIn, .messageRateIn: self = .messagesIn
    case .messagesOut, .messageRateOut: self = .messagesOut
    case .bytesIn, .byteRateIn: self = .bytesIn
    case .bytesOut, .byteRateOut: self = .bytesOut
    case .backlog: self = .backlog
    default: return nil
    }
  }
}
