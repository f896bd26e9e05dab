import Glibc

/// How large a terminal is.
struct TerminalSize: Equatable {
  var columns: Int
  var rows: Int

  /// The size of the standard output; nil if it is no terminal, or does not say.
  ///
  /// The corresponding C function is `ioctl` with TIOCGWINSZ.
  static var ofOutput: TerminalSize? {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
    else { return nil }
    return TerminalSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
  }
}
