import ControlProtocol
import Vocabulary

extension SessionsScreen {
  /// The step of the keys for more than one picture, in seconds.
  private static let longStep = 60.0

  // MARK: Keeping

  /// Offers the table as a snapshot has it to be kept; also while the display is paused.
  mutating func offer(_ snapshot: Snapshot, in context: ScreenContext) {
    guard context.screen == .sessions, context.pages.isEmpty,
      snapshot.sessions != nil || snapshot.groups?.by != nil
    else { return }
    let filter = context.dialog?.draftFilter ?? table.filter
    var kept = Snapshot(sequence: snapshot.sequence, statistics: snapshot.statistics)
    kept.history = snapshot.history ?? context.latest.history
    let isGrouped = groups != nil && snapshot.groups?.by != nil
    if isGrouped { kept.groups = snapshot.groups } else { kept.sessions = snapshot.sessions }
    pictures.offer(
      PastPicture(
        query: table.query(rows: context.rows, filter: filter),
        groups: isGrouped ? groups?.query(rows: context.rows, filter: filter) : nil,
        top: groups?.position.top ?? table.position.top, snapshot: kept))
  }

  // MARK: Showing

  /// Performs an action while the past is shown.
  mutating func performInPast(_ action: Action, in context: inout ScreenContext) -> Reaction {
    switch action {
    case .stepTime(let step): stepTime(step, in: &context)
    case .move(let motion):
      let count = pastView?.count ?? 0
      pastView?.position.move(motion, count: count, visible: Layout(context).bodyRows)
    case .cancel, .back: returnToNow(in: &context)
    case .copy:
      let row = pastView?.row
      return .handled(context.openCopyPicker(id: row?.id, address: row?.address))
    case .open, .send, .close, .tap, .tapMatching, .mark, .clearMarks, .follow, .filter,
      .invertFilter, .pickSort, .nextSort, .previousSort, .reverseSort, .cycleSelection, .save,
      .group:
      _ = context.refusePast()
    case .columns: context.dialog = .columns(ColumnForm(table.columns, sort: table.sort))
    case .rates: changeRates(in: &context)
    default: return .ignored
    }
    return .handled([])
  }

  /// Steps to an earlier or a later picture, behind the newest to the present.
  mutating func stepTime(_ step: Action.TimeStep, in context: inout ScreenContext) {
    pictures.keepOffered()
    let marks = pictures.marks
    // The newest picture is what the present shows.
    let current = pastView?.number ?? marks.last?.number ?? 0
    let at = pastView?.picture.at ?? marks.last?.at ?? 0
    let wanted: PastPictures.Mark?
    switch step {
    case .back: wanted = marks.last { $0.number < current }
    case .forward: wanted = marks.first { $0.number > current }
    case .farBack:
      let older = marks.filter { $0.number < current }
      wanted = older.last { $0.at <= at - Self.longStep } ?? older.first
    case .farForward:
      wanted = marks.first { $0.number > current && $0.at >= at + Self.longStep }
    }
    let isBack = step == .back || step == .farBack
    guard let wanted, isBack || wanted.number != marks.last?.number else {
      if isBack {
        context.note(
          marks.count < 2
            ? "no picture of the past is kept yet: there is one a second while the table is shown"
            : "that is the oldest picture that is kept", .warning)
      } else {
        returnToNow(in: &context)
      }
      return
    }
    guard let picture = pictures.picture(wanted.number) else { return }
    let position = pastView?.position
    pastView = PastView(number: wanted.number, picture)
    if let position {
      pastView?.position = position
    } else {
      pastView?.point(at: table.cursor)
    }
  }

  /// Shows the present again.
  mutating func returnToNow(in context: inout ScreenContext) {
    guard pastView != nil else { return }
    pastView = nil
    context.note("this is now", .done)
  }

  /// The screen with its picture of the past in place of the present, and the shared state to draw it
  /// with; nil while the present is shown.
  func ofPast(in context: ScreenContext) -> (screen: SessionsScreen, context: ScreenContext)? {
    guard let pastView else { return nil }
    let snapshot = pastView.picture.snapshot
    var (screen, context) = (self, context)
    context.latest.statistics = snapshot.statistics
    context.latest.sessions = pastView.sessions
    context.latest.history = snapshot.history ?? []
    context.latest.filterError = nil
    // How fast sessions closed then is not kept.
    context.latest.closeRates = CloseRates()
    let query = pastView.picture.query
    screen.table.filter = query.filter
    screen.table.sort = query.sort
    screen.table.isDescending = query.isDescending
    screen.table.show = query.show
    screen.table.position = pastView.position
    screen.table.cursor = pastView.row?.id
    screen.table.marks = []
    screen.table.isFollowing = false
    screen.groups = pastView.groups
    return (screen, context)
  }

  /// The words that say that the past is shown, and how old it is; empty for the present.
  func pastTitle(in context: ScreenContext) -> StyledText {
    var text = StyledText()
    guard let pastView, let moment = context.viewedMoment else { return text }
    let time = HumanText.timeOfDay(moment.at, context.setup.localTime)
    text.append(" PAST \(time), \(HumanText.duration(moment.age)) ago ", .danger)
    if moment.isOfAnotherRun { text.append(" of a run that is over ", .danger) }
    let total = pastView.picture.snapshot.sessions?.total ?? pastView.picture.snapshot.groups?.total
    if let total, total > pastView.count {
      let offset =
        pastView.picture.snapshot.sessions?.offset ?? pastView.picture.snapshot.groups?.offset ?? 0
      text.append(
        "  \(QuantityText.readableCount(offset + 1))–"
          + "\(QuantityText.readableCount(offset + pastView.count)) of "
          + QuantityText.readableCount(total), .warning)
    }
    text.append("  ")
    return text
  }

  /// The moment of the past that is shown; nil: the present.
  func viewedMoment(in context: ScreenContext) -> ViewedMoment? {
    guard let picture = pastView?.picture else { return nil }
    let now = context.latest.statistics?.now ?? context.now
    return ViewedMoment(
      at: picture.at, age: max(0, now - picture.at),
      isOfAnotherRun: context.run.map { $0 != picture.run } ?? false)
  }
}
