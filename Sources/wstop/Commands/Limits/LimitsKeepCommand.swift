import ArgumentParser
import ControlProtocol

struct LimitsKeepCommand: RequestCommand {
  static let configuration = CommandConfiguration(
    commandName: "keep", abstract: "Keep limits that would revert by themselves.",
    discussion: "Without a limit and a scope everything that would revert is kept.")

  @OptionGroup var engine: EngineOptions
  @OptionGroup var scope: ScopeOptions

  @Argument(
    help: "The limits' keys, such as message-bytes. (default: all)",
    completion: .list(CompletionWords.limitKeys))
  var keys: [String] = []

  @OptionGroup var output: OutputOptions

  func validate() throws {
    _ = try keep()
  }

  func request() throws -> ControlRequest { .keepLimits(try keep()) }

  func run() throws {
    guard case .limits(let list) = try engine.perform(try request()) else {
      throw CommandFailure.unexpectedAnswer
    }
    show(list, keys: keys.isEmpty ? nil : keys, at: scope.scope, output)
  }

  /// The limits to keep, and their scope.
  func keep() throws -> LimitKeep {
    try validating { () throws(ControlError) in
      try LimitKeep(scope: scope.scope, keys: keys.isEmpty ? nil : keys).checked()
    }
  }
}
