import ArgumentParser

struct LimitsUnsetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unset", abstract: "End the settings of limits, so that the wider scope's hold.")

  @OptionGroup var engine: EngineOptions
  @OptionGroup var options: LimitChangeOptions

  @Argument(
    help: "The limits' keys, such as message-bytes.",
    completion: .list(CompletionWords.limitKeys))
  var keys: [String]

  func validate() throws {
    _ = try options.change(unset: keys)
  }

  func run() throws {
    try options.perform(try options.change(unset: keys), on: engine)
  }
}
