import ArgumentParser
import ControlProtocol
import Vocabulary

struct LimitsSetCommand: RequestCommand {
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Set limits; all of them take effect, or none.")

  @OptionGroup var engine: EngineOptions
  @OptionGroup var options: LimitChangeOptions

  @Argument(
    help: "Such as message-bytes=64KiB, idle-timeout=5m or sessions-per-address=off.",
    completion: .list(CompletionWords.limitSettings))
  var settings: [String]

  func validate() throws {
    _ = try change()
  }

  func request() throws -> ControlRequest { .changeLimits(try change()) }

  func run() throws {
    try options.perform(try change(), on: engine)
  }

  /// The change for the settings.
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
    return try options.change(set: set)
  }
}
