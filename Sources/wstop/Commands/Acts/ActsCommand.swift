import ArgumentParser
import ControlProtocol

struct ActsCommand: RequestCommand {
  static let configuration = CommandConfiguration(
    commandName: "acts",
    abstract: "List the acts by filter or with a rate: those that go on, and the last that ended.",
    discussion: """
      Without a terminal the values are plain and separated by tabs: number, kind, state, sessions, \
      delivered, queued, failed, sessions per second, filter, who.
      """)

  @OptionGroup var engine: EngineOptions

  @OptionGroup var output: OutputOptions

  func request() -> ControlRequest { .acts }

  func run() throws {
    guard case .acts(let list) = try engine.perform(request()) else {
      throw CommandFailure.unexpectedAnswer
    }
    output.show(list, as: ActText.table(list.acts))
  }
}
