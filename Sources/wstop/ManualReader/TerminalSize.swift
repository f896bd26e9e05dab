import Glibc

/// The size of a terminal.
struct TerminalSize: Equatable {
  var columns: Int
  var rows: Int

  /// The size of the standard output's terminal; nil if it is none, or its size is unknown.
  ///
  /// The corresponding C function is `ioctl` with TIOCGWINSZ.
  static var ofOutput: TerminalSize? {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
    else { return nil }
    return TerminalSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
  }
}
