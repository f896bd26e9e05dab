import Glibc

/// The standard error: one line a failure.
enum StandardError {
  static func write(_ line: String) {
    _ = FileOutput.write(Array((line + "\n").utf8), to: STDERR_FILENO)
  }
}
