import Glibc

/// Shows long text on a terminal, a page at a time.
///
/// A shell runs the command in `PAGER`, without that `less`; if there is none, or it cannot be run,
/// the text is written at once.
struct Pager {
  /// The shell command that runs the pager.
  var command: String

  /// The exit code of a shell that cannot find a command (POSIX, Shell Command Language §2.8.2).
  private static let notFound: Int32 = 127
  private static let less =
    "command -v less >/dev/null 2>&1 || exit \(notFound); exec less"

  /// The pager of the user's environment.
  static var chosen: Pager { Pager(command: Environment["PAGER"] ?? less) }

  /// Shows text until the person leaves the pager.
  ///
  /// The corresponding C functions are `popen` and `pclose`.
  ///
  /// - Returns: whether it was shown.
  func show(_ text: String) -> Bool {
    // `LESS` is git's: escapes pass, and a text that fits on the screen is left there. A user's own
    // value stays.
    setenv("LESS", "FRX", 0)
    guard let stream = popen(command, "w") else { return false }
    // SIGINT and SIGPIPE are ignored, since the keyboard is the pager's, and it may end before it
    // has read all.
    signal(SIGINT, SIG_IGN)
    signal(SIGPIPE, SIG_IGN)
    _ = FileOutput.write(Array(text.utf8), to: fileno(stream))
    let status = pclose(stream)
    return status != -1 && (status >> 8) & 0xFF != Self.notFound
  }
}
