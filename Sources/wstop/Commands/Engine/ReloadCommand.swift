import ArgumentParser
import ControlProtocol
import Vocabulary

struct ReloadCommand: RequestCommand {
  static let configuration = CommandConfiguration(
    commandName: "reload",
    abstract:
      "Read the engine's certificates and open its log again; open sessions stay as they are.",
    discussion: """
      Also the file of --log-file, which has been rotated perhaps, and the tokens and certificates of --control-listen: whoever's token is gone is sent away. \
      SIGHUP does the same. If a file cannot be used the old ones stay.
      """)

  @OptionGroup var engine: EngineOptions

  @Flag(help: "As one JSON object.")
  var json = false

  func request() -> ControlRequest { .reload }

  func run() throws {
    guard case .reloaded(let result) = try engine.perform(request()) else {
      throw CommandFailure.unexpectedAnswer
    }
    if json { return StandardOutput.writeJSON(result) }
    for warning in result.warnings {
      StandardError.write("wstop: \(UntrustedText.escaped(warning))")
    }
    StandardOutput.write(Self.sentence(result) + "\n")
  }

  static func sentence(_ result: ReloadResult) -> String {
    let tokens = result.tokens.map { "\($0) token\($0 == 1 ? "" : "s") of the control API" }
    let log = result.log.map { "the log opened again: \(UntrustedText.escaped($0))" }
    let files: String? =
      switch (result.certificates, tokens) {
      case (0, nil): nil
      case (0, let tokens?): "\(tokens) reloaded"
      case (let count, let tokens):
        "\(count) certificate\(count == 1 ? "" : "s")" + (tokens.map { " and \($0)" } ?? "")
          + " reloaded"
      }
    let done = [files, log].compactMap(\.self)
    return done.isEmpty
      ? "no listener speaks TLS: there is nothing to reload"
      : done.joined(separator: "; ")
  }
}
