import ArgumentParser
import ControlProtocol
import Vocabulary

struct LimitsSetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Set limits; all of them take effect, or none.")

  @OptionGroup var engine: EngineOptions
  @OptionGroup var scope: ScopeOptions

  @Argument(
    help: "Such as message-bytes=64KiB, idle-timeout=5m or sessions-per-address=off.",
    completion: .list(CompletionWords.limitSettings))
  var settings: [String]

  @OptionGroup var output: OutputOptions

  func validate() throws {
    _ = try change()
  }

  func run() throws {
    try scope.perform(try change(), on: engine, output)
  }

  /// The change that the settings make.
  func change() throws -> LimitChange {
    var set: [String: String] = [:]
    for text in settings {
      do throws(LimitError) {
        let (key, value) = try LimitKey.setting(from: text)
        guard set.updateValue(key.text(of: value), forKey: key.rawValue) == nil else {
          throw .malformedSetting(text)
        }
      } catch {
        throw ValidationError(error.description)
      }
    }
    return try scope.change(set: set)
  }
}
