import ArgumentParser

struct LimitsUnsetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unset", abstract: "End the settings of limits, so that the wider scope's hold.")

  @OptionGroup var engine: EngineOptions
  @OptionGroup var scope: ScopeOptions

  @Argument(
    help: "The limits' keys, such as message-bytes.",
    completion: .list(CompletionWords.limitKeys))
  var keys: [String]

  @OptionGroup var output: OutputOptions

  func validate() throws {
    _ = try scope.change(unset: keys)
  }

  func run() throws {
    try scope.perform(try scope.change(unset: keys), on: engine, output)
  }
}
