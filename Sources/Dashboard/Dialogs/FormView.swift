import ControlProtocol
import Vocabulary

/// A dialog with fields and buttons as it is drawn.
struct FormView {
  private var title: String
  private var lines: [Line] = []
  private var focus = 0

  private enum Line {
    case text(StyledText)
    case field(label: String, LineEditor, note: StyledText, isFocused: Bool)
    case choice(label: String, value: String, isFocused: Bool)
    case buttons(question: String, yes: String, no: String, Buttons, isFocused: Bool)
  }

  /// The dialog that closes sessions.
  init(_ form: CloseForm, _ model: Model) {
    title = "Close " + Self.recipients(form.sessions)
    lines = Self.named(form.sessions, model).map { .text($0) }
    let isValid = form.validCode != nil
    lines.append(
      .field(
        label: "code", form.code, note: StyledText(form.codeName, isValid ? .dim : .danger),
        isFocused: form.focus == .code))
    let count = form.reason.text.utf8.count
    let maximum = CloseForm.maximumReasonByteCount
    lines.append(
      .field(
        label: "reason", form.reason,
        note: StyledText("\(count)/\(maximum)", count > maximum ? .danger : .dim),
        isFocused: form.focus == .reason))
    finish(
      problem: form.problem,
      command: EquivalentCommand.close(form, model.setup), model,
      question: "Close?", yes: "Yes, close", no: "No", form.buttons,
      isFocused: form.focus == .buttons)
    focus = lines.count - (form.focus == .code ? 5 : form.focus == .reason ? 4 : 1)
  }

  /// The dialog that sends.
  init(_ form: SendForm, _ model: Model) {
    title = "Send to " + Self.recipients(form.sessions)
    lines = Self.named(form.sessions, model).map { .text($0) }
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
    finish(
      problem: form.problem,
      command: EquivalentCommand.send(form, model.setup), model,
      question: "Send?", yes: "Send", no: "Cancel", form.buttons,
      isFocused: form.focus == .buttons)
    focus = lines.count - (form.focus == .mode ? 5 : form.focus == .payload ? 4 : 1)
  }

  /// The dialog that changes a limit.
  init(_ form: LimitForm, _ model: Model) {
    let key = form.row.key
    title = (form.isUnset ? "Unset " : "Change ") + key.rawValue
    lines = [.text(StyledText(key.definition.help, .dim))]
    if form.isUnset {
      lines.append(
        .text(
          StyledText("no longer \(model.shown(form.row.value)) for ")
            .with(model.shown(form.scope.text), .accent)
            .with(": the wider setting or the default holds")))
    } else {
      lines.append(
        .choice(label: "for", value: model.shown(form.scope.text), isFocused: form.focus == .scope))
      lines.append(
        .field(
          label: "value", form.value, note: StyledText(key.rangeText, .dim),
          isFocused: form.focus == .value))
      lines.append(
        .text(
          StyledText(model.shown(form.row.value)).with(" → ", .dim)
            .with(model.shown(form.value.text), form.problem == nil ? .accent : .danger)))
    }
    lines.append(
      .text(StyledText("holds for every open session before its next frame", .dim)))
    finish(
      problem: form.problem,
      command: EquivalentCommand.limit(form, model.setup), model,
      question: form.isUnset ? "Unset?" : "Change?", yes: "Yes", no: "No", form.buttons,
      isFocused: form.focus == .buttons)
    focus = lines.count - (form.focus == .scope ? 7 : form.focus == .value ? 6 : 1)
  }

  private mutating func finish(
    problem: String?, command: String, _ model: Model, question: String, yes: String, no: String,
    _ buttons: Buttons, isFocused: Bool
  ) {
    lines.append(.text(StyledText(problem ?? "", .danger)))
    lines.append(.text(StyledText("$ " + command, .dim)))
    lines.append(
      .buttons(question: question, yes: yes, no: no, buttons, isFocused: isFocused))
  }

  private static func recipients(_ sessions: [SessionID]) -> String {
    sessions.count == 1 ? sessions[0].description : Model.count(sessions.count, "session")
  }

  private static func byteCount(_ count: Int) -> String {
    QuantityText.readableCount(count) + (count == 1 ? " byte" : " bytes")
  }

  /// Who it is about: path and address of one, the names of several.
  private static func named(_ sessions: [SessionID], _ model: Model) -> [StyledText] {
    guard let first = sessions.first else { return [] }
    if sessions.count > 1 {
      let names = sessions.prefix(12).map(\.description).joined(separator: " ")
      return [
        StyledText(
          "to \(Model.count(sessions.count, "session")): \(names)"
            + (sessions.count > 12 ? " …" : ""))
      ]
    }
    let row =
      model.picture.index(of: first).flatMap { model.picture.row(at: $0) }
      ?? model.picture.details.flatMap { $0.row.id == first ? $0.row : nil }
    guard let row else { return [] }
    let path = DisplayWidth.fitted(model.shown(row.path), to: 34)
    return [StyledText("\(path)  \(model.shown(SessionColumn.address(of: row)))")]
  }

  /// Draws the form and puts the cursor into the field that has the focus.
  static func draw(_ form: FormView, _ model: Model, into canvas: inout Canvas) {
    let wanted = min(68, max(canvas.columns - 6, 0))
    let place = DialogBox.draw(
      title: form.title, lines: form.lines.map { form.plain($0, columns: wanted) },
      focus: form.focus, wanted: wanted, into: &canvas)
    for index in 0..<place.count {
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
        editor, columns: columns, repertoire: model.setup.repertoire)
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
