import ArgumentParser
import ControlProtocol

struct LimitsShowCommand: RequestCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show the limits and where each is set.")

  @OptionGroup var engine: EngineOptions

  @OptionGroup var output: OutputOptions

  func request() -> ControlRequest { .limits }

  func run() throws {
    guard case .limits(let list) = try engine.perform(request()) else {
      throw CommandFailure.unexpectedAnswer
    }
    output.show(list, as: LimitText.table(list.limits, uptime: list.uptimeSeconds))
  }
}
