import Glibc

/// The standard error: one line a failure.
enum StandardError {
  /// The form of the standard error.
  static let form: OutputForm =
    isatty(STDERR_FILENO) == 1
    ? .terminal(
      isUTF8: StandardOutput.hasUTF8Locale, columns: TerminalSize.of(STDERR_FILENO)?.columns)
    : .plain

  static func write(_ line: String) {
    _ = FileOutput.write(Array((ArgumentBytes.shown(line) + "\n").utf8), to: STDERR_FILENO)
  }
}
