import Glibc

/// Shows long text on a terminal, a page at a time.
///
/// What `PAGER` names is run, by a shell; without it `less`, and where there is none, or it cannot
/// be run, everything is written at once.
struct Pager {
  /// The line of shell that runs the pager.
  var command: String

  /// The exit code of a shell that has not found a command (POSIX, Shell Command Language §2.8.2).
  private static let notFound: Int32 = 127
  private static let less =
    "command -v less >/dev/null 2>&1 || exit \(notFound); exec less"

  /// The pager of the person's environment.
  static var chosen: Pager { Pager(command: Environment["PAGER"] ?? less) }

  /// Shows text until the person leaves the pager.
  ///
  /// The corresponding C functions are `popen` and `pclose`.
  ///
  /// - Returns: whether it was shown.
  func show(_ text: String) -> Bool {
    // As git has it: escapes pass, and what fits on the screen is left there. Not over a choice.
    setenv("LESS", "FRX", 0)
    guard let stream = popen(command, "w") else { return false }
    // The keyboard is the pager's, and it may leave before it has read all.
    signal(SIGINT, SIG_IGN)
    signal(SIGPIPE, SIG_IGN)
    _ = FileOutput.write(Array(text.utf8), to: fileno(stream))
    let status = pclose(stream)
    return status != -1 && (status >> 8) & 0xFF != Self.notFound
  }
}
