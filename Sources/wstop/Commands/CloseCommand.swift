import ArgumentParser
import ControlProtocol
import Vocabulary

struct CloseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "close", abstract: "Close sessions.")

  @OptionGroup var engine: EngineOptions

  @Argument(help: "The sessions' IDs, such as s-4k2.", transform: SessionID.argument)
  var ids: [SessionID]

  @Option(
    help: "The close code: 1000-1003, 1007-1014 or 3000-4999. (default: 1000)",
    transform: CloseCode.argument)
  var code: CloseCode?

  @Option(parsing: .unconditional, help: "The close reason, at most 123 bytes.")
  var reason: String?

  @Option(name: .customLong("engine"), help: "Only in this run of the engine, as --json names it.")
  var engineRun: String?

  func validate() throws {
    _ = try validating { () throws(ControlError) in try request.checked() }
  }

  func run() throws {
    try ActText.show(try engine.perform(.close(request)), verb: "closed")
  }

  private var request: CloseRequest {
    CloseRequest(engine: engineRun, sessions: ids, code: code, reason: reason)
  }
}
