import ControlProtocol
import EventLoop
import Glibc
import Vocabulary

/// The standard output: text for a person at a terminal, plain values for a program.
enum StandardOutput {
  /// The form of the standard output.
  static let form: OutputForm =
    isatty(STDOUT_FILENO) == 1
    ? .terminal(isUTF8: hasUTF8Locale, columns: TerminalSize.of(STDOUT_FILENO)?.columns) : .plain

  /// Whether the standard output is a terminal.
  static var isTerminal: Bool { form != .plain }

  static func write(_ text: String) {
    write(Array(form.shown(text).utf8))
  }

  static func write(_ table: Table) {
    write(Array(table.text(as: form).utf8))
  }

  static func writeJSON(_ value: some Encodable) {
    write(ControlJSON.encodeASCII(value, isIndented: isTerminal) + [0x0A])
  }

  /// Writes JSON of an engine.
  static func writeJSON(_ json: RawJSON) {
    write(ControlJSON.ascii(json.text.utf8, isIndented: isTerminal) + [0x0A])
  }

  /// Writes all of the bytes, and ends the program if that fails: without a message if the reader
  /// has gone.
  static func write(_ bytes: [UInt8]) {
    guard let error = FileOutput.write(bytes, to: STDOUT_FILENO) else { return }
    // The exit code is that of a program that SIGPIPE ends, for where SIGPIPE is ignored.
    if error.isConnectionLost { Glibc.exit(128 + SIGPIPE) }
    StandardError.write("wstop: \(error)")
    Glibc.exit(CommandFailure.refused)
  }

  /// Whether the locale's codeset is UTF-8.
  static var hasUTF8Locale: Bool {
    setlocale(LC_CTYPE, "")
    return nl_langinfo(nl_item(CODESET)).map { String(cString: $0) } == "UTF-8"
  }
}
