import ArgumentParser
import ControlProtocol
import Vocabulary

struct CloseCommand: RequestCommand {
  static let configuration = CommandConfiguration(
    commandName: "close", abstract: "Close sessions, by their IDs or by a filter.",
    discussion: """
      By a filter you see first how many sessions it would be, and some of them; the default is No, \
      and above \(ActRun.typedCountThreshold) sessions you type their number. Ctrl-C ends an act \
      that goes on; the engine goes on with it if the command is killed (see wstop acts).

      Exit code: 0 done; 1 refused, or a session that was named is not there or could not be \
      reached; 130 the act was ended on the way, by Ctrl-C or wstop abort.
      """)

  @OptionGroup var engine: EngineOptions
  @OptionGroup var act: ActOptions

  @Option(
    help: "The close code, by number or name: 1001, going-away, 4000. (default: 1000)",
    completion: .list(CompletionWords.closeCodes), transform: CloseCode.argument)
  var code: CloseCode?

  @Option(parsing: .unconditional, help: "The close reason, at most 123 bytes.")
  var reason: String?

  func validate() throws {
    _ = try validating { () throws(ControlError) in
      try request(act.selection(isDryRun: true)).checked()
    }
  }

  func request() -> ControlRequest {
    .close(request(act.selection(isDryRun: act.dryRun)))
  }

  func run() throws {
    try ActRun(
      engine: engine, options: act, kind: .close, manner: manner,
      request: { .close(request($0)) }
    ).run()
  }

  /// The request for a selection.
  func request(_ selection: ActSelection) -> CloseRequest {
    CloseRequest(selection, code: code, reason: reason)
  }

  private var manner: String {
    let code = code ?? .normalClosure
    return " with \(code.rawValue)" + (code.name.map { " \($0)" } ?? "")
      + (reason.map { " \"\(UntrustedText.escaped($0))\"" } ?? "")
  }
}
