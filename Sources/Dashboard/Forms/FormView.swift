import ControlProtocol
import Vocabulary

/// A dialog with fields and buttons as it is drawn.
package struct FormView {
  private var title: String
  private var lines: [Line] = []
  private var focus = 0

  enum Line {
    case text(StyledText)
    case field(label: String, LineEditor, note: StyledText, isFocused: Bool)
    case choice(label: String, value: String, isFocused: Bool)
    case buttons(question: String, yes: String, no: String, Buttons, isFocused: Bool)

    var isFocused: Bool {
      switch self {
      case .text: false
      case .field(_, _, _, let isFocused), .choice(_, _, let isFocused),
        .buttons(_, _, _, _, let isFocused):
        isFocused
      }
    }
  }

  /// The dialog that closes sessions.
  init(_ form: CloseForm, _ context: ScreenContext) {
    title = "Close " + Self.recipients(form.plan)
    lines = Self.subjects(form.plan, context).map { .text($0) }
    let isValid = form.validCode != nil
    lines.append(
      .field(
        label: "code", form.code, note: StyledText(form.codeName, isValid ? .dim : .danger),
        isFocused: form.focus == .code))
    let count = form.reason.text.utf8.count
    let maximum = CloseRequest.maximumReasonByteCount
    lines.append(
      .field(
        label: "reason", form.reason,
        note: StyledText("\(count)/\(maximum)", count > maximum ? .danger : .dim),
        isFocused: form.focus == .reason))
    addFields(of: form.plan, focus: form.focus.planned)
    finish(
      problem: form.problem,
      command: EquivalentCommand.close(form, context.setup), context,
      question: "Close?", yes: "Yes, close", no: "No", form.buttons,
      isFocused: form.focus == .buttons)
    focus = lines.firstIndex(where: \.isFocused) ?? lines.count - 1
  }

  /// The dialog that sends.
  init(_ form: SendForm, _ context: ScreenContext) {
    title = "Send to " + Self.recipients(form.plan)
    lines = Self.subjects(form.plan, context).map { .text($0) }
    lines.append(
      .choice(
        label: "as", value: form.mode == .binary ? "binary, as hex" : form.mode.rawValue,
        isFocused: form.focus == .mode))
    if form.mode != .ping {
      let count =
        if case .success(let bytes) = form.bytes { Self.byteCount(bytes.count) } else { "–" }
      lines.append(
        .field(
          label: form.mode == .binary ? "hex" : "text", form.payload, note: StyledText(count, .dim),
          isFocused: form.focus == .payload))
    } else {
      lines.append(.text(StyledText("a ping has no text", .dim)))
    }
    addFields(of: form.plan, focus: form.focus.planned)
    finish(
      problem: form.problem,
      command: EquivalentCommand.send(form, context.setup), context,
      question: "Send?", yes: "Send", no: "Cancel", form.buttons,
      isFocused: form.focus == .buttons)
    focus = lines.firstIndex(where: \.isFocused) ?? lines.count - 1
  }

  /// A dialog without lines.
  init(title: String) {
    self.title = title
  }

  /// The dialog that asks before a request.
  init(_ form: ConfirmForm, _ context: ScreenContext) {
    title = form.question
    lines = [.text(StyledText(form.explanation))]
    let words = ["wstop"] + form.words + context.setup.attachWords
    finish(
      problem: nil,
      command: ShellText.command(words, asciiOnly: context.setup.repertoire == .ascii), context,
      question: "Sure?", yes: "Yes", no: "No", form.buttons, isFocused: true)
    focus = lines.count - 1
  }

  /// Adds a line; the focused one stays visible without room for all.
  mutating func add(_ line: Line) {
    switch line {
    case .field(_, _, _, isFocused: true), .choice(_, _, isFocused: true): focus = lines.count
    default: break
    }
    lines.append(line)
  }

  /// Adds the end of every dialog: the problem, the command that does the same, the buttons.
  mutating func finish(
    problem: String?, command: String, _ context: ScreenContext, question: String, yes: String,
    no: String,
    _ buttons: Buttons, isFocused: Bool
  ) {
    lines.append(.text(StyledText(problem ?? "", .danger)))
    lines.append(.text(StyledText("$ " + command, .dim)))
    lines.append(
      .buttons(question: question, yes: yes, no: no, buttons, isFocused: isFocused))
    if isFocused { focus = lines.count - 1 }
  }

  /// The fields for the pace and the count, as far as they are of use.
  private mutating func addFields(of plan: ActPlan, focus: ActPlan.Field?) {
    if plan.has(.rate) {
      lines.append(
        .field(
          label: "rate", plan.rate,
          note: StyledText(plan.rate.text.isEmpty ? "all at once; 50/s, 30/m" : "", .dim),
          isFocused: focus == .rate))
      lines.append(
        .field(
          label: "jitter", plan.jitter,
          note: StyledText(plan.jitter.text.isEmpty ? "even pauses; 20%" : "", .dim),
          isFocused: focus == .jitter))
    }
    if plan.has(.count), let count = plan.count {
      let isRight = TypedCount.matches(plan.typedCount.text, count)
      lines.append(
        .field(
          label: "type", plan.typedCount,
          note: StyledText("\(count) to go on", isRight ? .dim : .danger),
          isFocused: focus == .count))
    }
  }

  private static func recipients(_ plan: ActPlan) -> String {
    if let preview = plan.known {
      return QuantityText.readableCount(preview.count) + " of "
        + ScreenContext.count(preview.total, "session")
    }
    switch plan.subjects {
    case .sessions(let sessions) where sessions.count == 1: return sessions[0].description
    case .sessions(let sessions): return ScreenContext.count(sessions.count, "session")
    case .filter: return "all that match"
    }
  }

  /// The target: the filter or the names, and some of the sessions as the preview lists them.
  private static func subjects(_ plan: ActPlan, _ context: ScreenContext) -> [StyledText] {
    var lines: [StyledText]
    switch plan.subjects {
    case .sessions(let sessions): lines = named(sessions, context)
    case .filter(let filter):
      lines = [StyledText("that match ").with(context.shown(filter), .accent)]
    }
    guard let preview = plan.known, plan.subjects.areMany else { return lines }
    let shownCount = context.rows >= 24 ? 4 : 2
    lines += preview.sample.prefix(shownCount).map { row in
      StyledText("  " + DisplayWidth.padded(row.id.description, to: 8) + " ", .dim)
        .with(
          DisplayWidth.padded(DisplayWidth.fitted(context.shown(row.path), to: 30), to: 30), .dim
        )
        .with("  \(context.shown(SessionColumn.address(of: row)))", .dim)
    }
    let restCount = preview.count &- min(preview.sample.count, shownCount)
    if restCount > 0 {
      lines.append(StyledText("  … and \(ScreenContext.count(restCount, "session")) more", .dim))
    }
    return lines
  }

  private static func byteCount(_ count: Int) -> String {
    QuantityText.readableCount(count) + (count == 1 ? " byte" : " bytes")
  }

  /// Named sessions: path and address of one, the IDs of several.
  private static func named(_ sessions: [SessionID], _ context: ScreenContext) -> [StyledText] {
    guard let first = sessions.first else { return [] }
    if sessions.count > 1 {
      let names = sessions.prefix(12).map(\.description).joined(separator: " ")
      return [
        StyledText(
          "to \(ScreenContext.count(sessions.count, "session")): \(names)"
            + (sessions.count > 12 ? " …" : ""))
      ]
    }
    let row =
      context.latest.index(of: first).flatMap { context.latest.row(at: $0) }
      ?? context.latest.details.flatMap { $0.row.id == first ? $0.row : nil }
    guard let row else { return [] }
    let path = DisplayWidth.fitted(context.shown(row.path), to: 34)
    return [StyledText("\(path)  \(context.shown(SessionColumn.address(of: row)))")]
  }

  /// Draws the form, with the cursor in the focused field.
  static func draw(_ form: FormView, _ context: ScreenContext, into canvas: inout Canvas) {
    let wanted = min(68, max(canvas.columns - 6, 0))
    let place = DialogBox.draw(
      title: form.title, lines: form.lines.map { form.plain($0, columns: wanted) },
      focus: form.focus, wanted: wanted, into: &canvas)
    for index in 0..<place.count {
      if case .buttons(_, let yes, let no, _, _) = form.lines[place.first + index] {
        let start = place.column + 9
        let middle = start + DisplayWidth.of(no) + 2
        let row = place.row + index
        canvas.add(.button(false), row: row, columns: start..<middle)
        canvas.add(
          .button(true), row: row, columns: (middle + 2)..<(middle + 4 + DisplayWidth.of(yes)))
      }
      guard
        case .field(let label, let editor, let note, let isFocused) =
          form.lines[place.first + index]
      else { continue }
      let row = place.row + index
      let start = canvas.put(
        DisplayWidth.padded(label, to: 7), row: row, column: place.column, style: .dialog)
      let noteWidth = min(note.width + 1, max(place.columns / 2, 0))
      let columns = place.columns - (start - place.column) - noteWidth
      guard columns > 0 else { continue }
      canvas.fill(row: row, columns: start..<(start + columns), style: .field)
      let part = EditorView.visible(
        editor, columns: columns, repertoire: context.setup.repertoire)
      canvas.put(part.text, row: row, column: start, style: .field, limit: columns)
      canvas.put(note, row: row, column: start + columns + 1, limit: noteWidth - 1)
      if isFocused {
        canvas.cursor = Canvas.Position(
          row: row, column: min(start + part.cursor, start + columns - 1))
      }
    }
  }

  private func plain(_ line: Line, columns: Int) -> StyledText {
    switch line {
    case .text(let text): return text.fitted(to: columns)
    case .field: return StyledText()
    case .choice(let label, let value, let isFocused):
      return StyledText(DisplayWidth.padded(label, to: 7), .dialog)
        .with(isFocused ? "< \(value) >" : "  \(value)", isFocused ? .button : .dialog)
    case .buttons(let question, let yes, let no, let buttons, let isFocused):
      func button(_ text: String, _ isOn: Bool) -> (String, Style) {
        isOn && isFocused ? ("[\(text)]", .button) : (" \(text) ", .dialog)
      }
      let (left, leftStyle) = button(no, !buttons.isYes)
      let (right, rightStyle) = button(yes, buttons.isYes)
      return StyledText(DisplayWidth.padded(question, to: 9), .dialog)
        .with(left, leftStyle).with("  ").with(right, rightStyle)
    }
  }
}
