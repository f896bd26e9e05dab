import ArgumentParser
import ControlProtocol
import Vocabulary

struct TrafficCommand: RequestCommand {
  static let configuration = CommandConfiguration(
    commandName: "traffic",
    abstract: "Show rates over time, message sizes and round trips: what the Traffic screen draws.")

  /// The tables to choose from.
  enum Part: String, CaseIterable {
    case rates, sizes
    case roundTrips = "round-trips"
  }

  @OptionGroup var engine: EngineOptions

  @Option(
    help: ArgumentHelp(
      "How far back: 1m (each second), 5m, 1h (averages of 10 s), 24h (of 4 minutes).",
      valueName: "span"),
    transform: Self.window)
  var window = TrafficWindow.fiveMinutes

  @Option(help: "Sizes and round trips of one route only: its pattern, such as /ws/chat/{room}.")
  var route: String?

  @Option(
    help: ArgumentHelp(
      "Which table: rates, sizes or round-trips; JSON has all of them.", valueName: "table"),
    transform: Self.part)
  var show = Part.rates

  @OptionGroup var output: OutputOptions

  /// The query for the engine.
  var query: TrafficQuery { TrafficQuery(window: window, route: route) }

  func request() -> ControlRequest { .traffic(query) }

  func run() throws {
    guard case .traffic(let report) = try engine.perform(request()) else {
      throw CommandFailure.unexpectedAnswer
    }
    output.show(report, as: TrafficText.table(report, show))
  }

  private static func window(_ text: String) throws -> TrafficWindow {
    guard let window = TrafficWindow(rawValue: text) else {
      throw ValidationError(
        "--window \(UntrustedText.escaped(text)): wants "
          + TrafficWindow.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return window
  }

  private static func part(_ text: String) throws -> Part {
    guard let part = Part(rawValue: text) else {
      throw ValidationError(
        "--show \(UntrustedText.escaped(text)): wants "
          + Part.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return part
  }
}
