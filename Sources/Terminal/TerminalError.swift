/// The reason why the console cannot have the terminal; the text is the whole line to show.
package enum TerminalError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Standard input or output is no terminal.
  case notATerminal
  /// Terminfo has no entry for TERM.
  case unknownTerminal(String)
  /// The terminal cannot move its cursor.
  case cursorCannotMove(String)

  /// The whole line.
  package var description: String {
    switch self {
    case .notATerminal:
      "the console needs a terminal; for scripts there is `wstop sessions`"
    case .unknownTerminal(""):
      "TERM is not set: set it to the name of your terminal, such as xterm-256color"
    case .unknownTerminal(let name):
      "terminfo knows no terminal called \"\(name)\": set TERM to one it knows, such as xterm"
    case .cursorCannotMove(let name):
      "a terminal of type \"\(name)\" cannot move its cursor; for scripts there is"
        + " `wstop sessions`"
    }
  }
}
