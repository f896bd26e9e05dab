import ArgumentParser
import ControlProtocol
import Vocabulary

struct AbortCommand: RequestCommand {
  static let configuration = CommandConfiguration(
    commandName: "abort",
    abstract: "End an act that goes on; the rest of its sessions are left alone.")

  @OptionGroup var engine: EngineOptions

  @Argument(help: "The act's number, as wstop acts shows it.")
  var act: Int

  @Flag(help: "What it did as one JSON object.")
  var json = false

  func validate() throws {
    guard act > 0 else { throw ValidationError("an act has a number from 1") }
  }

  func request() -> ControlRequest { .abort(act, AbortRequest()) }

  func run() throws {
    guard case .progress(let status) = try engine.perform(request()) else {
      throw CommandFailure.unexpectedAnswer
    }
    if json {
      StandardOutput.writeJSON(status)
    } else {
      StandardOutput.write(ActText.result(status, as: StandardOutput.form))
    }
  }
}
