import ArgumentParser
import ControlProtocol
import Vocabulary

struct SendCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "send", abstract: "Send a message or a ping to sessions.")

  @OptionGroup var engine: EngineOptions

  @Argument(help: "The sessions' IDs, such as s-4k2.", transform: SessionID.argument)
  var ids: [SessionID]

  @Option(parsing: .unconditional, help: "A text message.")
  var text: String?

  @Option(
    parsing: .unconditional, help: "A file to send as one binary message; - is the standard input.")
  var binary: String?

  @Flag(help: "A ping.")
  var ping = false

  @Option(name: .customLong("engine"), help: "Only in this run of the engine, as --json names it.")
  var engineRun: String?

  func validate() throws {
    // The file is read when the command runs; here it only counts that there is one.
    _ = try validating { () throws(ControlError) in
      try request(binary: binary == nil ? nil : "").checked()
    }
  }

  func run() throws {
    let bytes = try binary.map { path throws(CommandFailure) in try InputFile.read(path) }
    let request = request(binary: bytes.map { ControlJSON.base64($0) })
    try ActText.show(try engine.perform(.send(request)), verb: "sent to")
  }

  private func request(binary: String?) -> SendRequest {
    SendRequest(
      engine: engineRun, sessions: ids, text: text, binary: binary, ping: ping ? true : nil)
  }
}
