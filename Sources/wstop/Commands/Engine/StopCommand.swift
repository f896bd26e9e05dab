import ArgumentParser
import ControlProtocol

struct StopCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stop", abstract: "Stop the engine: close every session with 1001, then exit.")

  @OptionGroup var engine: EngineOptions

  func run() throws {
    guard case .stopping = try engine.perform(.stop) else {
      throw CommandFailure.unexpectedAnswer
    }
    if StandardOutput.isTerminal { StandardOutput.write("the engine stops\n") }
  }
}
