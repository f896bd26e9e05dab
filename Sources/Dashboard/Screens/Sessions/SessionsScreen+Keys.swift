import ControlProtocol
import Vocabulary

extension SessionsScreen {
  package mutating func perform(_ action: Action, in context: inout ScreenContext) -> Reaction {
    if pastView != nil { return performInPast(action, in: &context) }
    if case .stepTime(let step) = action {
      stepTime(step, in: &context)
      return .handled([])
    }
    if groups != nil, case .handled(let effects) = performOnGroups(action, in: &context) {
      return .handled(effects)
    }
    switch action {
    case .move(let motion): move(motion, in: context)
    case .open: open(in: &context)
    case .send, .close: return .handled(openAct(isClose: action == .close, in: &context))
    case .tap: openTap(in: &context)
    case .tapMatching: tapMatching(in: &context)
    case .mark: mark(in: &context)
    case .clearMarks:
      let count = table.marks.count
      table.marks = []
      if count > 0 { context.note("\(count) no longer marked", .done) }
    case .follow: follow(in: &context)
    case .copy:
      let index = table.cursor.flatMap { context.latest.index(of: $0) }
      let row = index.flatMap { context.latest.row(at: $0) }
      return .handled(context.openCopyPicker(id: table.cursor, address: row?.address))
    case .group: context.dialog = .groupPicker(groupPicker)
    case .cancel where opened?.filter == table.filter: returnToGroups()
    case .back, .cancel:
      if goBack(in: &context) { return .handled([]) }
      guard action == .cancel, !table.filter.isEmpty else { return .ignored }
      context.forgetSearch()
      table.filter = ""
      table.rearrange()
    default: return performArranging(action, in: &context)
    }
    return .handled([])
  }

  /// Takes an action that changes what the table shows of its sessions.
  private mutating func performArranging(
    _ action: Action, in context: inout ScreenContext
  ) -> Reaction {
    switch action {
    case .filter: context.dialog = .filter(FilterLine(table.filter))
    case .invertFilter: invertFilter(in: &context)
    case .columns: context.dialog = .columns(ColumnForm(table.columns, sort: table.sort))
    case .rates: changeRates(in: &context)
    case .pickSort: context.dialog = .sortPicker(SortPicker(table.sort, table.isDescending))
    case .nextSort: sort(by: table.sortKey(after: 1))
    case .previousSort: sort(by: table.sortKey(after: -1))
    case .reverseSort:
      table.isDescending.toggle()
      table.rearrange()
    case .cycleSelection:
      table.select(table.show.cycled(by: 1))
      context.note("showing " + Self.words(for: table.show), .done)
    case .save: return .handled([.save(arrangement)])
    default: return .ignored
    }
    return .handled([])
  }

  /// A click goes to the row, and one on the row under the cursor opens it; one on the heading sorts
  /// by the column, or the other way round.
  package mutating func click(_ target: Target, in context: inout ScreenContext) -> Reaction {
    if pastView != nil {
      if case .row(let index) = target { pastView?.position.cursor = index }
      return .handled([])
    }
    if groups != nil {
      guard groups?.point(at: target) == true else { return .handled([]) }
      return perform(.open, in: &context)
    }
    switch target {
    case .heading(let index):
      let key = SessionField.columns[index]
      if table.sort == key { return perform(.reverseSort, in: &context) }
      sort(by: key)
    case .row(let index):
      if table.position.cursor == index, table.cursor != nil {
        return perform(.open, in: &context)
      }
      table.point(at: index, context.latest.row(at: index)?.id)
    default: return .ignored
    }
    return .handled([])
  }

  package func offers(_ action: Action, in context: ScreenContext) -> Bool {
    if pastView != nil {
      switch action {
      case .open, .send, .close, .tap, .mark, .filter, .pickSort, .group: return false
      default: return true
      }
    }
    return switch action {
    case .stepTime: false
    case .mark where groups != nil: false
    case .open, .send, .close, .mark: groups.map { $0.cursor != nil } ?? (table.cursor != nil)
    case .filter, .pickSort, .columns, .rates: context.latest.statistics != nil
    default: true
    }
  }

  private mutating func move(_ motion: Action.Motion, in context: ScreenContext) {
    let visible = Layout(context).bodyRows
    table.moveIntoView(visible: visible)
    table.position.move(motion, count: context.latest.sessionCount, visible: visible)
    table.cursor = context.latest.row(at: table.position.cursor)?.id
    table.isFollowing = false
    table.seekingSnapshots = 0
    table.locatingSnapshots = 0
    table.isPinned = table.position.cursor > 0
  }

  // MARK: What is done with sessions

  private mutating func open(in context: inout ScreenContext) {
    guard let id = table.cursor else { return }
    table.isPinned = true
    context.latest.details = nil
    context.pages.append(.details(DetailsPage(id: id)))
  }

  private func openTap(in context: inout ScreenContext) {
    guard let id = table.cursor else {
      context.note("there is no session under the cursor", .warning)
      return
    }
    context.openTap(of: .session(id))
  }

  private func tapMatching(in context: inout ScreenContext) {
    let count = context.latest.statistics?.sessions.open ?? 0
    guard table.filterOfAll == ActSubjects.filterOfAll, count > 0, context.connection.isConnected
    else { return context.openTap(of: .filter(table.filter)) }
    guard !context.refuseReadOnly() else { return }
    context.dialog = .tapAll(TapAllForm(count: count))
  }

  /// Opens the dialog that sends or closes, for the marked sessions or the one under the cursor.
  private mutating func openAct(
    isClose: Bool, in context: inout ScreenContext
  ) -> [Effect] {
    context.openAct(
      isClose: isClose, on: table.subjects, otherChoices: [.filter(table.filterOfAll)])
  }

  private mutating func mark(in context: inout ScreenContext) {
    guard let id = table.cursor else { return }
    guard table.marks.contains(id) || !context.refuseClosed(id) else { return }
    if table.marks.remove(id) == nil {
      guard table.marks.count < SessionTable.maximumMarkCount else {
        context.note(
          "\(SessionTable.maximumMarkCount) are marked: one act can name no more", .warning)
        return
      }
      table.marks.insert(id)
    }
    move(.down, in: context)
    table.isPinned = true
  }

  private mutating func follow(in context: inout ScreenContext) {
    guard let id = table.cursor else { return }
    table.isFollowing.toggle()
    table.isPinned = true
    context.note(table.isFollowing ? "following \(id)" : "no longer following \(id)", .done)
  }

  // MARK: How the table is arranged

  mutating func sort(by key: SessionField) {
    table.sort(by: key)
    table.rearrange()
  }

  private static func words(for selection: SessionSelection) -> String {
    switch selection {
    case .live: "live sessions"
    case .closed: "the sessions that were closed last"
    case .all: "live sessions and those that were closed last"
    }
  }

  private mutating func invertFilter(in context: inout ScreenContext) {
    switch FilterText.inverted(table.filter) {
    case .inverted(let text):
      table.filter = text
      table.rearrange()
    case .empty: context.note("there is no filter to invert", .warning)
    case .severalTerms:
      context.note("only a filter of one term can be inverted", .warning)
    }
  }

  mutating func changeRates(in context: inout ScreenContext) {
    table.columns.rates = table.columns.rates.cycled(by: 1)
    switch table.columns.rates {
    case .totals: context.note("totals since each session was opened", .done)
    case .both: context.note("rates of the last second beside the totals", .done)
    case .rates: context.note("rates of the last second in place of the totals", .done)
    }
  }
}
