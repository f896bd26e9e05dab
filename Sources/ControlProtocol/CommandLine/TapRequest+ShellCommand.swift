internal import Vocabulary

extension TapRequest {
  /// The command of `wstop` that does the same.
  package var shellCommand: ShellCommand {
    var command = ShellCommand("tap")
    switch subject {
    case .session(let id): command.add(id.description)
    case .filter(let filter): command.add("--filter", filter)
    }
    if let direction = options.direction { command.add("--direction", direction.rawValue) }
    if let kinds = options.kinds {
      command.add("--kind", kinds.map(\.rawValue).joined(separator: ","))
    }
    if let least = options.minimumBytes { command.add("--min", QuantityText.exactBytes(least)) }
    if let most = options.maximumBytes { command.add("--max", QuantityText.exactBytes(most)) }
    if let text = options.text { command.add("--text", text) }
    if messagesPerSecond != Self.defaultMessagesPerSecond {
      command.add("--rate", String(messagesPerSecond))
    }
    return command
  }
}
