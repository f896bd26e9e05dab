package import ControlProtocol
import Vocabulary

/// The command lines that do what the console's dialogs do: the one place that knows their words.
///
/// They are safe to draw as they are.
package enum EquivalentCommand {
  /// Closes sessions.
  package static func close(_ form: CloseForm, _ setup: Setup) -> String {
    var words = ["wstop", "close"] + setup.attachWords + form.plan.words
    words += ["--code", form.code.text]
    if !form.reason.text.isEmpty { words += ["--reason", form.reason.text] }
    return ShellText.command(words, asciiOnly: setup.repertoire == .ascii)
  }

  /// Sends a message or a ping.
  package static func send(_ form: SendForm, _ setup: Setup) -> String {
    var words = ["wstop", "send"] + setup.attachWords + form.plan.words
    switch form.mode {
    case .text: words += ["--text", form.payload.text]
    case .json: words += ["--json-text", form.payload.text]
    case .ping: words += ["--ping"]
    case .binary:
      if case .success(let bytes) = form.bytes { words += ["--hex", HexBytes.text(bytes)] }
    }
    return ShellText.command(words, asciiOnly: setup.repertoire == .ascii)
  }

  /// Ends an act.
  package static func abort(_ id: Int, _ setup: Setup) -> String {
    ShellText.command(["wstop", "abort"] + setup.attachWords + [String(id)])
  }

  /// Taps sessions.
  package static func tap(_ request: TapRequest, _ setup: Setup) -> String {
    var words = ["wstop", "tap"] + setup.attachWords
    switch request.subject {
    case .session(let id): words.append(id.description)
    case .filter(let filter): words += ["--filter", filter]
    }
    let options = request.options
    if let direction = options.direction { words += ["--direction", direction.rawValue] }
    if let kinds = options.kinds {
      words += ["--kind", kinds.map(\.rawValue).joined(separator: ",")]
    }
    if let least = options.minimumBytes { words += ["--min", QuantityText.exactBytes(least)] }
    if let most = options.maximumBytes { words += ["--max", QuantityText.exactBytes(most)] }
    if let text = options.text { words += ["--text", text] }
    return ShellText.command(words, asciiOnly: setup.repertoire == .ascii)
  }

  /// Sets a limit, or takes its setting away.
  package static func limit(_ form: LimitForm, _ setup: Setup) -> String {
    var words = ["wstop", "limits", form.isUnset ? "unset" : "set"] + setup.attachWords
    words.append(
      form.isUnset ? form.row.key.rawValue : "\(form.row.key.rawValue)=\(form.value.text)")
    words += self.words(form.scope)
    if let order = form.fate.order { words += ["--over", "close", "--order", order.rawValue] }
    if !form.revertAfter.text.isEmpty { words += ["--revert-after", form.revertAfter.text] }
    return ShellText.command(words, asciiOnly: setup.repertoire == .ascii)
  }

  /// Keeps a limit that would revert.
  package static func keep(_ row: LimitRow, _ setup: Setup) -> String {
    ShellText.command(
      ["wstop", "limits", "keep"] + setup.attachWords + [row.key.rawValue] + words(row.scope),
      asciiOnly: setup.repertoire == .ascii)
  }

  private static func words(_ scope: LimitScope) -> [String] {
    switch scope {
    case .engine: []
    case .route(let pattern): ["--route", pattern.text]
    case .session(let id): ["--session", id.description]
    }
  }
}
