import ControlProtocol
import Vocabulary

/// The notice and the keys at the bottom of the screen.
enum FooterView {
  /// Draws both.
  static func draw(_ model: Model, _ layout: Layout, into canvas: inout Canvas) {
    let context = model.context
    drawNotice(context, layout, into: &canvas)
    guard let row = layout.footerRow else { return }
    // `notice` covers the keys where it has no row of its own.
    if layout.noticeRow == nil, context.dialog == nil, let notice = context.notice {
      canvas.put(text(of: notice), row: row, column: 0)
      return
    }
    // Under a line for typing a refusal stands where the keys are.
    if context.dialog?.isLine ?? false, let notice = context.notice {
      canvas.put(text(of: notice), row: row, column: 1)
      return
    }
    var right = StyledText()
    for screen in Screen.allCases {
      right.runs += model.screens[screen].status(in: context, layout).runs
    }
    if context.pacing.isPaused { right.append("  PAUSED", .warning) }
    if context.pages.isEmpty, context.dialog == nil, canvas.columns >= Self.extentColumns,
      let extent = model.screens[context.screen].extent(in: context)?.text, !extent.isEmpty
    {
      right.append("  \(extent)", .dim)
    }
    let rightWidth = right.width
    let room = canvas.columns - (rightWidth > 0 ? rightWidth + 1 : 0)
    var at = 1
    for (key, hint) in hints(model, room: room) {
      let width = DisplayWidth.of(key.label) + 1 + DisplayWidth.of(hint)
      canvas.add(.key(key), row: row, columns: at..<(at + width))
      at = canvas.put(key.label, row: row, column: at, style: .key)
      at = canvas.put(" \(hint)  ", row: row, column: at, style: .dim)
    }
    // Letters have no keys of their own in a menu, and so none in the table of keys.
    if KeyContext.menus.contains(context.keyContext), at + 10 <= room {
      at = canvas.put("a–z", row: row, column: at, style: .key)
      canvas.put(" search", row: row, column: at, style: .dim)
    }
    if rightWidth > 0 {
      canvas.put(right, row: row, column: max(canvas.columns - rightWidth - 1, 0))
    }
  }

  /// The least width at which a list's extent stands beside the keys.
  private static let extentColumns = 60

  /// The keys with hints, in their order: as many as fit, with help and the way back before others.
  private static func hints(_ model: Model, room: Int) -> [(key: Key, hint: String)] {
    let bindings = model.context.setup.keys.bindings(in: model.context.keyContext)
      .filter { isOfUse($0.action, model) }
    let wanted = bindings.compactMap { binding in
      binding.hint.flatMap { hint in
        let steps = binding.action == .nextField && model.context.dialog?.form?.stepsFocus ?? false
        return binding.keys.first.map {
          (action: binding.action, key: $0, hint: steps ? "next code" : hint)
        }
      }
    }
    func width(_ key: Key, _ hint: String) -> Int {
      DisplayWidth.of(key.label) + DisplayWidth.of(hint) + 3
    }
    let last = wanted.filter { $0.action == .help || $0.action == .back }
    let reserved = last.reduce(0) { $0 + width($1.key, $1.hint) }
    let hasRoomForLast = room >= reserved + 30
    // `left` has one column more, since the last hint needs no blank behind it.
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

  /// Whether a key has an effect now.
  private static func isOfUse(_ action: Action, _ model: Model) -> Bool {
    let context = model.context
    if let dialog = context.dialog {
      switch action {
      case .nextSubjects: return (dialog.plan?.choices.count ?? 0) > 1
      case .stepUp, .stepDown: return dialog.form?.stepsFocus ?? false
      default: return true
      }
    }
    guard !context.isReadOnly || !action.isForOperators else { return false }
    guard context.pages.isEmpty else { return true }
    return model.screens[context.screen].offers(action, in: context)
  }

  private static func drawNotice(
    _ context: ScreenContext, _ layout: Layout, into canvas: inout Canvas
  ) {
    guard let row = layout.noticeRow, !(context.dialog?.isLine ?? false) else { return }
    guard let notice = context.notice else {
      if let texts = context.cutTexts {
        canvas.put(
          DisplayWidth.fitted(texts, to: canvas.columns - 2), row: row, column: 1, style: .dim)
      }
      return
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
