import ArgumentParser
import ControlProtocol
import Vocabulary

struct ClosesCommand: RequestCommand {
  static let configuration = CommandConfiguration(
    commandName: "closes", abstract: "Count closed sessions by close code and by who closed them.",
    discussion: "--json has all intervals and the total at once.")

  @OptionGroup var engine: EngineOptions
  @OptionGroup var output: OutputOptions

  @Option(help: "Only those of the last minute, ten minutes or hour: 1m, 10m or 1h.")
  var interval: Interval?

  enum Interval: String, ExpressibleByArgument, CaseIterable {
    case minute = "1m"
    case tenMinutes = "10m"
    case hour = "1h"

    var seconds: Int {
      switch self {
      case .minute: 60
      case .tenMinutes: 600
      case .hour: 3600
      }
    }
  }

  func request() -> ControlRequest { .closes }

  func run() throws {
    guard case .closes(let table) = try engine.perform(request()) else {
      throw CommandFailure.unexpectedAnswer
    }
    let counts =
      interval.map { interval in
        table.intervals.first { $0.seconds == interval.seconds }?.closes ?? []
      } ?? table.total
    output.show(table, as: ClosesText.table(counts))
  }
}
