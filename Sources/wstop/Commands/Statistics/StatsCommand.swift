import ArgumentParser
import ControlProtocol

struct StatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats", abstract: "Show the whole engine in numbers.")

  @OptionGroup var engine: EngineOptions

  @OptionGroup var output: OutputOptions

  func run() throws {
    guard case .statistics(let statistics) = try engine.perform(.statistics) else {
      throw CommandFailure.unexpectedAnswer
    }
    output.show(statistics, as: StatisticsText.table(statistics))
  }
}
