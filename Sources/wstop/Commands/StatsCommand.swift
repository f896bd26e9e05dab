import ArgumentParser
import ControlProtocol

struct StatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats", abstract: "Show the whole engine in numbers.")

  @OptionGroup var engine: EngineOptions

  @Flag(help: "As one JSON object.")
  var json = false

  func run() throws {
    guard case .statistics(let statistics) = try engine.perform(.statistics) else {
      throw CommandFailure.unexpectedAnswer
    }
    if json {
      StandardOutput.writeJSON(statistics)
    } else {
      StandardOutput.write(StatisticsText.table(statistics))
    }
  }
}
