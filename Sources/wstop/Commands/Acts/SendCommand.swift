import ArgumentParser
import ControlProtocol
import Dashboard
import Vocabulary

struct SendCommand: RequestCommand {
  static let configuration = CommandConfiguration(
    commandName: "send",
    abstract: "Send a message or a ping to sessions, by their IDs or by a filter.",
    discussion: """
      By a filter you see first how many sessions it would be, and are asked, as with close; the exit codes \
      are those of close.
      """)

  @OptionGroup var engine: EngineOptions
  @OptionGroup var act: ActOptions

  @Option(parsing: .unconditional, help: "A text message.")
  var text: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("A text message that has to be JSON.", valueName: "json"))
  var jsonText: String?

  @Option(
    parsing: .unconditional, help: "A file to send as one binary message; - is the standard input.",
    completion: .file())
  var binary: String?

  @Option(
    parsing: .unconditional,
    help: "The bytes of one binary message as hexadecimal digits, blanks between bytes allowed.")
  var hex: String?

  @Flag(help: "A ping.")
  var ping = false

  func validate() throws {
    let forms = [text != nil, jsonText != nil, binary != nil, hex != nil, ping]
    guard forms.count(where: \.self) <= 1 else {
      throw ValidationError(
        "only one of --text, --json-text, --binary, --hex and --ping can be sent")
    }
    if let hex { _ = try Self.bytes(hex: hex) }
    if let jsonText {
      do throws(JSONText.Fault) {
        try JSONText.check(jsonText)
      } catch {
        throw ValidationError("--json-text: \(error)")
      }
    }
    // `binary` stays empty here, as the check only needs its presence: the file is read when the
    // command runs.
    _ = try validating { () throws(ControlError) in
      let request = request(
        act.selection(isDryRun: true), binary: binary == nil && hex == nil ? nil : "")
      _ = try request.payload()
      return try request.checked()
    }
  }

  func request() throws -> ControlRequest {
    let binary = try bytes().map { ControlJSON.base64($0) }
    return .send(request(act.selection(isDryRun: act.dryRun), binary: binary))
  }

  func run() throws {
    let binary = try bytes().map { ControlJSON.base64($0) }
    try ActRun(
      engine: engine, options: act, kind: .send, manner: "",
      request: { .send(request($0, binary: binary)) }
    ).run()
  }

  /// The bytes of a binary message; nil if the message is text.
  ///
  /// - Parameter read: reads the named file.
  func bytes(
    read: (String) throws(CommandFailure) -> [UInt8] = InputFile.read
  ) throws -> [UInt8]? {
    if let hex { return try Self.bytes(hex: hex) }
    return try binary.map { path throws(CommandFailure) in try read(path) }
  }

  /// The bytes of hexadecimal digits; unlike in the console, only blanks may separate them.
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

  /// The request for a selection.
  func request(_ selection: ActSelection, binary: String?) -> SendRequest {
    SendRequest(
      selection, text: text ?? jsonText, binary: binary, ping: ping ? true : nil)
  }
}
