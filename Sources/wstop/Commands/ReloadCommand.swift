import ArgumentParser
import ControlProtocol
import Vocabulary

struct ReloadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reload",
    abstract: "Read the engine's certificates again; open sessions stay as they are.",
    discussion: "SIGHUP does the same. If a file cannot be used the old certificates stay.")

  @OptionGroup var engine: EngineOptions

  @Flag(help: "As one JSON object.")
  var json = false

  func run() throws {
    guard case .reloaded(let result) = try engine.perform(.reload) else {
      throw CommandFailure.unexpectedAnswer
    }
    if json { return StandardOutput.writeJSON(result) }
    for warning in result.warnings {
      StandardError.write("wstop: \(UntrustedText.escaped(warning))")
    }
    StandardOutput.write(Self.sentence(result) + "\n")
  }

  static func sentence(_ result: ReloadResult) -> String {
    switch result.certificates {
    case 0: "no listener speaks TLS: there is nothing to reload"
    case 1: "1 certificate reloaded"
    case let count: "\(count) certificates reloaded"
    }
  }
}
