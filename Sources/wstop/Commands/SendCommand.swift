import ArgumentParser
import ControlProtocol
import Dashboard
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

  @Option(
    parsing: .unconditional,
    help: "The bytes of one binary message as hexadecimal digits, blanks between bytes allowed.")
  var hex: String?

  @Flag(help: "A ping.")
  var ping = false

  @Option(name: .customLong("engine"), help: "Only in this run of the engine, as --json names it.")
  var engineRun: String?

  func validate() throws {
    if let hex {
      guard text == nil, binary == nil, !ping else {
        throw ValidationError("only one of --text, --binary, --hex and --ping can be sent")
      }
      _ = try Self.bytes(hex: hex)
    }
    // The file is read when the command runs; here it only counts that there is one.
    _ = try validating { () throws(ControlError) in
      try request(binary: binary == nil && hex == nil ? nil : "").checked()
    }
  }

  func run() throws {
    let bytes =
      if let hex {
        try Self.bytes(hex: hex)
      } else {
        try binary.map { path throws(CommandFailure) in try InputFile.read(path) }
      }
    let request = request(binary: bytes.map { ControlJSON.base64($0) })
    try ActText.show(try engine.perform(.send(request)), verb: "sent to")
  }

  /// The bytes that digits stand for; unlike in the console, only blanks may separate them.
  static func bytes(hex: String) throws -> [UInt8]? {
    if let colon = hex.firstIndex(of: ":") {
      let column = hex.distance(from: hex.startIndex, to: colon) + 1
      throw ValidationError("--hex: no hexadecimal digit at column \(column)")
    }
    do {
      return try HexBytes.bytes(from: hex)
    } catch .notADigit(let column) {
      throw ValidationError("--hex: no hexadecimal digit at column \(column)")
    } catch .oddDigit {
      throw ValidationError("--hex: a byte has two digits, and one of them has one")
    }
  }

  private func request(binary: String?) -> SendRequest {
    SendRequest(
      engine: engineRun, sessions: ids, text: text, binary: binary, ping: ping ? true : nil)
  }
}
