import ArgumentParser
import ControlProtocol

struct LimitsUnsetCommand: RequestCommand {
  static let configuration = CommandConfiguration(
    commandName: "unset", abstract: "End the settings of limits, so that the wider scope's hold.")

  @OptionGroup var engine: EngineOptions
  @OptionGroup var options: LimitChangeOptions

  @Argument(
    help: "The limits' keys, such as message-bytes.",
    completion: .list(CompletionWords.limitKeys))
  var keys: [String]

  func validate() throws {
    _ = try change()
  }

  func request() throws -> ControlRequest { .changeLimits(try change()) }

  func run() throws {
    try options.perform(try change(), on: engine)
  }

  /// The change for the keys.
  func change() throws -> LimitChange { try options.change(unset: keys) }
}
