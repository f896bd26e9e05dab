import ArgumentParser
import ControlProtocol

struct StopCommand: RequestCommand {
  static let configuration = CommandConfiguration(
    commandName: "stop", abstract: "Stop the engine: close every session with 1001, then exit.")

  @OptionGroup var engine: EngineOptions

  func request() -> ControlRequest { .stop }

  func run() throws {
    guard case .stopping = try engine.perform(request()) else {
      throw CommandFailure.unexpectedAnswer
    }
    if StandardOutput.isTerminal { StandardOutput.write("the engine stops\n") }
  }
}
