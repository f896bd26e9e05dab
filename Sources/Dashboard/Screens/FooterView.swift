import ControlProtocol
import Vocabulary

/// The notice and the keys at the foot of the screen.
enum FooterView {
  /// Draws both.
  static func draw(_ model: Model, _ layout: Layout, into canvas: inout Canvas) {
    drawNotice(model, layout, into: &canvas)
    guard let row = layout.footerRow else { return }
    // Where there is no room for a notice of its own, it covers the keys.
    if layout.noticeRow == nil, model.dialog == nil, let notice = model.notice {
      canvas.put(text(of: notice), row: row, column: 0)
      return
    }
    var right = StyledText()
    let marks = model.table.marks.count
    if marks > 0 { right.append("  \(QuantityText.readableCount(marks)) marked", .marked) }
    if let place = astray(model, layout) { right.append("  " + place, .warning) }
    if model.table.isFollowing { right.append("  following", .accent) }
    if model.pacing.isPaused { right.append("  PAUSED", .warning) }
    let rightWidth = right.width
    let room = canvas.columns - (rightWidth > 0 ? rightWidth + 1 : 0)
    var at = 1
    for (key, hint) in hints(model, room: room) {
      let width = DisplayWidth.of(key.label) + 1 + DisplayWidth.of(hint)
      canvas.add(.key(key), row: row, columns: at..<(at + width))
      at = canvas.put(key.label, row: row, column: at, style: .key)
      at = canvas.put(" \(hint)  ", row: row, column: at, style: .dim)
    }
    if rightWidth > 0 {
      canvas.put(right, row: row, column: max(canvas.columns - rightWidth - 1, 0))
    }
  }

  /// The keys that are named, in their order: as many as there is room for, help and the way back
  /// before others.
  private static func hints(_ model: Model, room: Int) -> [(key: Key, hint: String)] {
    let bindings = model.setup.keys.bindings(at: model.place).filter { isOfUse($0.action, model) }
    let wanted = bindings.compactMap { binding in
      binding.hint.flatMap { hint in
        binding.keys.first.map { (action: binding.action, key: $0, hint: hint) }
      }
    }
    func width(_ key: Key, _ hint: String) -> Int {
      DisplayWidth.of(key.label) + DisplayWidth.of(hint) + 3
    }
    let last = wanted.filter { $0.action == .help || $0.action == .back }
    let reserved = last.reduce(0) { $0 + width($1.key, $1.hint) }
    let hasRoomForLast = room >= reserved + 30
    // The last one needs no blanks behind it.
    var left = room + 1 - (hasRoomForLast ? reserved : 0)
    var hints: [(Key, String)] = []
    var isFull = false
    for (action, key, hint) in wanted {
      if hasRoomForLast, action == .help || action == .back {
        hints.append((key, hint))
        continue
      }
      guard !isFull, width(key, hint) <= left else {
        isFull = true
        continue
      }
      left -= width(key, hint)
      hints.append((key, hint))
    }
    return hints
  }

  /// Where the cursor's row is if it has moved out of the visible part.
  private static func astray(_ model: Model, _ layout: Layout) -> String? {
    guard model.screen == .sessions, model.pages.isEmpty, model.dialog == nil,
      let id = model.table.cursor, model.picture.sessionCount > 0,
      !model.table.showsCursor(visible: layout.bodyRows)
    else { return nil }
    return "\(id) is \(model.table.position.cursor < model.table.position.top ? "▲" : "▼")"
  }

  /// Whether a key would do something now; one that would not is not shown.
  private static func isOfUse(_ action: Action, _ model: Model) -> Bool {
    switch action {
    case .nextSubjects: return (model.dialog?.plan?.choices.count ?? 0) > 1
    default: break
    }
    guard model.dialog == nil, model.pages.isEmpty else { return true }
    if model.screen == .rooms {
      return ![.open, .tap, .send, .close].contains(action) || model.groups.cursor != nil
    }
    switch action {
    case .send, .close, .mark: return model.table.cursor != nil
    case .open:
      return switch model.screen {
      case .limits: model.limitUnderCursor != nil
      case .closes: !model.closeLines.isEmpty
      case .history: !model.history.entries.isEmpty
      default: model.table.cursor != nil
      }
    case .keep: return model.limitUnderCursor?.revert != nil
    case .filter, .pickSort, .unset, .columns, .rates: return model.picture.statistics != nil
    default: return true
    }
  }

  private static func drawNotice(_ model: Model, _ layout: Layout, into canvas: inout Canvas) {
    guard let row = layout.noticeRow, let notice = model.notice else { return }
    switch model.dialog {
    case .filter, .command, .find, .tapField, .groupName: return
    default: break
    }
    canvas.put(text(of: notice), row: row, column: 1)
    guard let command = notice.command, layout.noticeRows > 1 else { return }
    let line = DisplayWidth.fitted("$ \(command)", to: canvas.columns - 2)
    canvas.put(line, row: row + 1, column: 1, style: .dim)
  }

  private static func text(of notice: Notice) -> StyledText {
    switch notice.tone {
    case .done: StyledText(notice.text, .accent)
    case .warning: StyledText(notice.text, .warning)
    case .failed: StyledText("failed: ", .danger).with(notice.text, .danger)
    }
  }
}
