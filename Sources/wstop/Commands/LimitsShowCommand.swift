import ArgumentParser
import ControlProtocol

struct LimitsShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show the limits and where each is set.")

  @OptionGroup var engine: EngineOptions

  @Flag(help: "As one JSON object.")
  var json = false

  func run() throws {
    guard case .limits(let list) = try engine.perform(.limits) else {
      throw CommandFailure.unexpectedAnswer
    }
    if json {
      StandardOutput.writeJSON(list)
    } else {
      StandardOutput.write(LimitText.table(list.limits))
    }
  }
}
