import ControlProtocol
import Vocabulary

extension ScreenContext {
  /// The console's state that a typed command may refer to.
  var commandContext: CommandContext {
    CommandContext(
      subjects: commandSubjects, filter: chosen.filter, attachWords: setup.attachWords,
      run: run)
  }

  /// The sessions that a command without a target is for: marked ones, or the visible one under the
  /// cursor.
  private var commandSubjects: [SessionID] {
    switch pages.last {
    case .details(let page): return [page.id]
    case .tap(let page):
      if case .session(let id) = page.subject { return [id] }
    case nil where screen == .sessions: return chosen.subjects
    case .entry, .help, .text, nil: break
    }
    return chosen.marks.sorted()
  }

  /// Performs an action in the command line.
  mutating func performInCommand(_ action: Action, _ old: CommandEntry) -> [Effect] {
    var entry = old
    switch action {
    case .cancel where entry.completion != nil: entry.completion = nil
    case .cancel:
      dialog = nil
      return []
    case .accept:
      dialog = nil
      return run(entry.editor.text)
    case .edit(.deleteBackward) where entry.editor.text.isEmpty:
      dialog = nil
      return []
    case .edit(let edit): entry.perform(edit)
    case .recall(let older): entry.recall(older: older, from: commandHistory)
    case .complete, .completeBackward:
      let context = self
      entry.complete(backwards: action == .completeBackward) { CommandCompletion($0, in: context) }
    default: break
    }
    dialog = .command(entry)
    return []
  }

  /// Asks to interpret a line, and adds it to the history.
  private mutating func run(_ line: String) -> [Effect] {
    guard !line.allSatisfy(\.isWhitespace) else { return [] }
    var effects: [Effect] = []
    if commandHistory.add(line) { effects.append(.remember(line)) }
    return effects + [.interpret(line, commandContext)]
  }

  /// Asks for the preview of the open dialog's act; a yes from the command counts once that is
  /// known.
  mutating func open(isConfirmed: Bool) -> [Effect] {
    dialog?.plan?.isConfirmed = isConfirmed
    let effects = askForPreview()
    return effects.isEmpty ? actIfConfirmed() : effects
  }

  /// Begins the act of the open dialog if its command said yes and it has no problem.
  mutating func actIfConfirmed() -> [Effect] {
    guard let plan = dialog?.plan, plan.isConfirmed, !plan.wantsPreview else { return [] }
    if case .awaited = plan.preview { return [] }
    if let count = plan.count { dialog?.plan?.typedCount.replace(with: String(count)) }
    switch dialog {
    case .close(let form) where form.problem == nil:
      dialog = nil
      return close(form)
    case .send(let form) where form.problem == nil:
      dialog = nil
      return send(form)
    default:
      // `isConfirmed` is taken back, since the dialog shows a problem: the person is asked after
      // all.
      dialog?.plan?.isConfirmed = false
      dialog?.plan?.typedCount.replace(with: "")
      return []
    }
  }

  /// The shell's command line for a typed command.
  func shellCommand(_ line: String) -> String {
    var words = CommandWords(line).texts
    if words.first == "wstop" { words.removeFirst() }
    return ShellText.command(
      ["wstop"] + words + setup.attachWords, asciiOnly: setup.repertoire == .ascii)
  }

  /// Makes the request of a confirmed question.
  mutating func confirm(_ form: ConfirmForm) -> [Effect] {
    request(
      form.request, .other, command: command(of: form),
      saying: form.words.joined(separator: " "))
  }

  /// The shell's command line for a question.
  func command(of form: ConfirmForm) -> String {
    ShellText.command(
      ["wstop"] + form.words + setup.attachWords, asciiOnly: setup.repertoire == .ascii)
  }
}
