import ControlProtocol
import Vocabulary

/// A dialog with fields and buttons as it is drawn.
package struct FormView {
  private var title: String
  private var lines: [Line] = []
  /// The index of the focused field among the form's.
  private let focus: Int

  enum Line {
    case text(StyledText)
    /// Text that is broken into lines, at most so many.
    case wrapped(String, Style, maximumCount: Int)
    case field(label: String, LineEditor, note: StyledText, index: Int)
    case choice(label: String, value: String, index: Int)
    case buttons(question: String, yes: String, no: String, Buttons, index: Int)

    /// The index of the field among the form's; nil: the line is none.
    var index: Int? {
      switch self {
      case .text, .wrapped: nil
      case .field(_, _, _, let index), .choice(_, _, let index), .buttons(_, _, _, _, let index):
        index
      }
    }
  }

  /// The greatest width of the lines.
  private static let maximumColumns = 68
  /// The most lines of a command, and of a problem.
  private static let commandLineCount = 4
  private static let problemLineCount = 3

  /// A form without lines.
  init(_ form: some Form, title: String) {
    self.title = title
    focus = form.focusIndex
  }

  /// The dialog that asks before a request.
  init(_ form: ConfirmForm, _ context: ScreenContext) {
    self.init(form, title: form.question)
    add(.text(StyledText(form.explanation)))
    let words = ["wstop"] + form.words + context.setup.attachWords
    finish(
      form, command: ShellText.command(words, asciiOnly: context.setup.repertoire == .ascii),
      context, question: "Sure?", yes: "Yes", no: "No")
  }

  /// The dialog that asks before all sessions are tapped.
  init(_ form: TapAllForm, _ context: ScreenContext) {
    self.init(form, title: "Tap ALL \(ScreenContext.count(form.count, "session"))")
    add(.text(StyledText("no filter is set: the messages of every session are shown", .warning)))
    add(
      .field(
        label: "type", form.typedCount,
        note: StyledText("\(form.count) to go on", form.problem == nil ? .dim : .danger),
        index: form.index(of: .count)))
    finish(
      form, command: EquivalentCommand.tap(TapRequest(.filter("")), context.setup), context,
      question: "Tap?", yes: "Yes, tap", no: "No")
  }

  /// The dialog that asks before the console of a demo ends all of it.
  init(_ form: LeaveForm, _ context: ScreenContext) {
    self.init(form, title: "End the demo?")
    add(.text(StyledText("the engine and its clients end with the console")))
    finish(form, command: nil, context, question: "Sure?", yes: "Yes, end it", no: "No")
  }

  /// Adds a line.
  mutating func add(_ line: Line) { lines.append(line) }

  /// Adds the end of every dialog: the problem, the command that does the same, the buttons.
  mutating func finish<F: Form>(
    _ form: F, command: String?, _ context: ScreenContext, question: String, yes: String,
    no: String
  ) {
    let problem = form.problem.map { context.shown($0.text) } ?? ""
    add(.wrapped(problem, .danger, maximumCount: Self.problemLineCount))
    if let command {
      add(.wrapped("$ " + command, .dim, maximumCount: Self.commandLineCount))
    }
    add(
      .buttons(
        question: question, yes: yes, no: no, form.buttons, index: F.Field.allCases.count - 1))
  }

  // MARK: Drawing

  /// Draws the form, with the cursor in the focused field, which stays visible without room for all.
  static func draw(_ form: FormView, _ context: ScreenContext, into canvas: inout Canvas) {
    let wanted = min(Self.maximumColumns, max(canvas.columns - 6, 0))
    let lines = form.lines.flatMap { $0.broken(columns: wanted) }
    let place = DialogBox.draw(
      title: form.title, lines: lines.map { form.plain($0, columns: wanted) },
      focus: lines.firstIndex { $0.index == form.focus } ?? 0, wanted: wanted, into: &canvas)
    for index in 0..<place.count {
      form.draw(lines[place.first + index], row: place.row + index, place, context, into: &canvas)
    }
  }

  /// Draws a field, and adds the targets of fields and buttons.
  private func draw(
    _ line: Line, row: Int, _ place: DialogBox.Placement, _ context: ScreenContext,
    into canvas: inout Canvas
  ) {
    switch line {
    case .text, .wrapped: return
    case .choice(_, _, let index):
      canvas.add(
        .choice(index), row: row, columns: place.column..<(place.column + place.columns))
    case .buttons(_, let yes, let no, _, _):
      let start = place.column + 9
      let middle = start + DisplayWidth.of(no) + 2
      canvas.add(.button(false), row: row, columns: start..<middle)
      canvas.add(
        .button(true), row: row, columns: (middle + 2)..<(middle + 4 + DisplayWidth.of(yes)))
    case .field(let label, let editor, let note, let index):
      canvas.add(.field(index), row: row, columns: place.column..<(place.column + place.columns))
      let start = canvas.put(
        DisplayWidth.padded(label, to: 7), row: row, column: place.column, style: .dialog)
      let noteWidth = min(note.width + 1, max(place.columns / 2, 0))
      let columns = place.columns - (start - place.column) - noteWidth
      guard columns > 0 else { return }
      canvas.fill(row: row, columns: start..<(start + columns), style: .field)
      let part = EditorView.visible(
        editor, columns: columns, repertoire: context.setup.repertoire)
      let isFocused = index == focus
      canvas.put(
        part.text, row: row, column: start,
        style: isFocused && editor.isSelected ? .selection : .field, limit: columns)
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
    case .wrapped, .field: return StyledText()
    case .choice(let label, let value, let index):
      let isFocused = index == focus
      return StyledText(DisplayWidth.padded(label, to: 7), .dialog)
        .with(isFocused ? "< \(value) >" : "  \(value)", isFocused ? .button : .dialog)
    case .buttons(let question, let yes, let no, let buttons, let index):
      func button(_ text: String, _ isOn: Bool) -> (String, Style) {
        isOn && index == focus ? ("[\(text)]", .button) : (" \(text) ", .dialog)
      }
      let (left, leftStyle) = button(no, !buttons.isYes)
      let (right, rightStyle) = button(yes, buttons.isYes)
      return StyledText(DisplayWidth.padded(question, to: 9), .dialog)
        .with(left, leftStyle).with("  ").with(right, rightStyle)
    }
  }
}

extension FormView.Line {
  /// The line, or the lines that it is broken into; an empty one is kept, so that the dialog does
  /// not jump.
  fileprivate func broken(columns: Int) -> [FormView.Line] {
    guard case .wrapped(let text, let style, let maximumCount) = self else { return [self] }
    let lines = WrappedText.lines(text, columns: columns, maximumCount: maximumCount)
    return (lines.isEmpty ? [""] : lines).map { .text(StyledText($0, style)) }
  }
}
