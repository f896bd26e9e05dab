import ControlProtocol
import Vocabulary

extension ScreenContext {
  /// Opens the list of what can be copied: the id and the address of a session, if one is named, and
  /// the last command that was shown; where there is no choice it is copied at once.
  mutating func openCopyPicker(id: SessionID? = nil, address: String? = nil) -> [Effect] {
    var choices: [ChoicePicker.Choice] = []
    if let id {
      choices.append(.init(action: .copyValue(.id), name: "id", detail: id.description))
    }
    if let address, !address.isEmpty {
      choices.append(.init(action: .copyValue(.address), name: "address", detail: address))
    }
    if let lastCommand {
      choices.append(
        .init(action: .copyValue(.command), name: "command", detail: lastCommand))
    }
    guard let only = choices.first else {
      note("there is nothing to copy: no session here, and no command was shown yet", .warning)
      return []
    }
    guard choices.count > 1 else { return copy(only) }
    dialog = .copyPicker(ChoicePicker("Copy", choices))
    return []
  }

  /// Performs an action in the list of what can be copied.
  mutating func performInCopyPicker(_ action: Action, _ old: ChoicePicker) -> [Effect] {
    var picker = old
    switch picker.perform(action, in: self) {
    case .stay: dialog = .copyPicker(picker)
    case .cancel: dialog = nil
    case .choose(let choice):
      dialog = nil
      return copy(choice)
    }
    return []
  }

  /// Copies the command of the open dialog, else the last that was shown.
  mutating func copyCommand() -> [Effect] {
    guard let command = dialogCommand ?? lastCommand else {
      note("there is no command to copy: none was shown yet", .warning)
      return []
    }
    return copy(
      ChoicePicker.Choice(action: .copyValue(.command), name: "command", detail: command))
  }

  /// The command of the open dialog; nil without one.
  private var dialogCommand: String? {
    switch dialog {
    case .close(let form): EquivalentCommand.close(form, setup)
    case .send(let form): EquivalentCommand.send(form, setup)
    case .limit(let form): EquivalentCommand.limit(form, setup)
    case .confirm(let form): command(of: form)
    case .tapAll: EquivalentCommand.tap(TapRequest(.filter("")), setup)
    default: nil
    }
  }

  private mutating func copy(_ choice: ChoicePicker.Choice) -> [Effect] {
    guard let text = ClipboardText(choice.detail) else {
      note(
        "not copied: the \(choice.name) is longer than the "
          + QuantityText.readableCount(ClipboardText.maximumByteCount)
          + " bytes that terminals take", .warning)
      return []
    }
    let words = UntrustedText.escaped(
      text.text, asciiOnly: setup.repertoire == .ascii, limit: Self.shownCopyLimit)
    // A command has escapes of its own, which stay as they are.
    let shown = choice.action == .copyValue(.command) ? "the command" : words
    note("copied \(shown), if the terminal allows it (OSC 52)", .done)
    return [.copy(text)]
  }

  /// The most scalars of a copied text that the notice repeats.
  private static let shownCopyLimit = 40
}
