package import ControlProtocol
import Vocabulary

/// The command lines that do the same as the console's dialogs.
///
/// They are safe to draw. Fields whose text makes no valid request yet are left out.
package enum EquivalentCommand {
  /// Closes sessions.
  package static func close(_ form: CloseForm, _ setup: Setup) -> String {
    let reason = form.reason.text
    let typedCode = form.validCode ?? UInt16(form.code.text).map(CloseCode.init(rawValue:))
    return line(
      .close(
        CloseRequest(
          form.plan.selection(run: nil), code: typedCode, reason: reason.isEmpty ? nil : reason)),
      setup)
  }

  /// Sends a message or a ping.
  package static func send(_ form: SendForm, _ setup: Setup) -> String {
    var request = SendRequest(form.plan.selection(run: nil))
    switch form.mode {
    case .text, .json: request.text = form.payload.text
    case .ping: request.ping = true
    case .binary:
      if case .success(let bytes) = form.bytes { request.binary = ControlJSON.base64(bytes) }
    }
    return line(.send(request), setup)
  }

  /// Ends an act.
  package static func abort(_ id: Int, _ setup: Setup) -> String {
    line(.abort(id, AbortRequest()), setup)
  }

  /// Taps sessions.
  package static func tap(_ request: TapRequest, _ setup: Setup) -> String {
    line([request.shellCommand], setup)
  }

  /// Sets a limit, or takes its setting away.
  package static func limit(_ form: LimitForm, _ setup: Setup) -> String {
    line(.changeLimits(form.change), setup)
  }

  /// Keeps a limit that would revert.
  package static func keep(_ row: LimitRow, _ setup: Setup) -> String {
    line(.keepLimits(LimitKeep(scope: row.scope, keys: [row.key.rawValue])), setup)
  }

  private static func line(_ request: ControlRequest, _ setup: Setup) -> String {
    line(request.shellCommands, setup)
  }

  private static func line(_ commands: [ShellCommand], _ setup: Setup) -> String {
    commands.line(attaching: setup.attachWords, asciiOnly: setup.repertoire == .ascii) ?? ""
  }
}
