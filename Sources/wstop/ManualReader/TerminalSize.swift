import Glibc

/// The size of a terminal.
struct TerminalSize: Equatable {
  var columns: Int
  var rows: Int

  /// The size of the standard output's terminal; nil if it is none, or its size is unknown.
  static var ofOutput: TerminalSize? { of(STDOUT_FILENO) }

  /// The size of a descriptor's terminal; nil if it is none, or its size is unknown.
  ///
  /// The corresponding C function is `ioctl` with TIOCGWINSZ.
  static func of(_ descriptor: Int32) -> TerminalSize? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
    else { return nil }
    return TerminalSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
  }
}
