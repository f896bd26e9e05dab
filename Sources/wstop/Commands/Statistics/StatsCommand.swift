import ArgumentParser
import ControlProtocol

struct StatsCommand: RequestCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats", abstract: "Show the whole engine in numbers.")

  @OptionGroup var engine: EngineOptions

  @OptionGroup var output: OutputOptions

  func request() -> ControlRequest { .statistics }

  func run() throws {
    guard case .statistics(let statistics) = try engine.perform(request()) else {
      throw CommandFailure.unexpectedAnswer
    }
    output.show(statistics, as: StatisticsText.table(statistics))
  }
}
