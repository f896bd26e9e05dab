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
    if model.table.isFollowing { right.append("  following", .accent) }
    if model.pacing.isPaused { right.append("  PAUSED", .warning) }
    let rightWidth = right.width
    let room = canvas.columns - (rightWidth > 0 ? rightWidth + 1 : 0)
    var at = 1
    for binding in KeyTable.bindings(at: model.place) {
      guard let hint = binding.hint, let key = binding.keys.first, isOfUse(binding.action, model)
      else { continue }
      let width = DisplayWidth.of(key.label) + 1 + DisplayWidth.of(hint)
      guard at + width < room else { break }
      at = canvas.put(key.label, row: row, column: at, style: .key)
      at = canvas.put(" \(hint)  ", row: row, column: at, style: .dim)
    }
    if rightWidth > 0 {
      canvas.put(right, row: row, column: max(canvas.columns - rightWidth - 1, 0))
    }
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
    case .filter, .pickSort, .unset: return model.picture.statistics != nil
    default: return true
    }
  }

  private static func drawNotice(_ model: Model, _ layout: Layout, into canvas: inout Canvas) {
    guard let row = layout.noticeRow, let notice = model.notice else { return }
    switch model.dialog {
    case .filter, .command, .tapField, .groupName: return
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
