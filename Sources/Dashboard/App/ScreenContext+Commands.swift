import ControlProtocol
import Vocabulary

extension ScreenContext {
  /// What a command may leave to the console.
  var commandContext: CommandContext {
    CommandContext(
      subjects: commandSubjects, filter: chosen.filter, attachWords: setup.attachWords,
      run: run)
  }

  /// The sessions that a command is for if it names none: only what the person sees, or has marked.
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

  /// Takes an action while the command line is open.
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

  /// Asks for what a line means, and keeps it for the next time.
  private mutating func run(_ line: String) -> [Effect] {
    guard !line.allSatisfy(\.isWhitespace) else { return [] }
    var effects: [Effect] = []
    if commandHistory.add(line) { effects.append(.remember(line)) }
    return effects + [.interpret(line, commandContext)]
  }

  /// Asks what the act of the open dialog would hit; a yes that was given with the command counts
  /// as soon as that is known.
  mutating func open(isConfirmed: Bool) -> [Effect] {
    dialog?.plan?.isConfirmed = isConfirmed
    let effects = askForPreview()
    return effects.isEmpty ? actIfConfirmed() : effects
  }

  /// Begins the act of the open dialog if its command said yes, and nothing speaks against it.
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
      // What is wrong is shown in the dialog, and the person is asked after all.
      dialog?.plan?.isConfirmed = false
      dialog?.plan?.typedCount.replace(with: "")
      return []
    }
  }

  /// The command line that a shell would take for what was typed.
  func shellCommand(_ line: String) -> String {
    var words = CommandWords(line).texts
    if words.first == "wstop" { words.removeFirst() }
    return ShellText.command(
      ["wstop"] + words + setup.attachWords, asciiOnly: setup.repertoire == .ascii)
  }

  /// Makes the request of a confirmed question.
  mutating func confirm(_ form: ConfirmForm) -> [Effect] {
    request(
      form.request, .other,
      command: ShellText.command(
        ["wstop"] + form.words + setup.attachWords, asciiOnly: setup.repertoire == .ascii),
      saying: form.words.joined(separator: " "))
  }
}
