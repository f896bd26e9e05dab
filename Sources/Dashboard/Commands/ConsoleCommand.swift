package import ControlProtocol
package import Vocabulary

/// The meaning of a command that was typed in the console.
package enum ConsoleCommand: Equatable, Sendable {
  /// Leaves the console.
  case quit
  /// Shows the keys.
  case help
  /// Shows a screen.
  case show(Screen)
  /// Shows the sessions that match; nil leaves the filter, the order or the selection as it is.
  case sessions(
    filter: String? = nil, sort: SessionField? = nil, isDescending: Bool? = nil,
    show: SessionSelection? = nil)
  /// Shows rooms or routes.
  case groups(GroupQuery)
  /// Shows the closes of the last seconds; nil: since the engine started.
  case closes(seconds: Int?)
  /// Shows rates, sizes and round trips.
  case traffic(TrafficQuery)
  /// Shows the entries of the history that match.
  case history(filter: String, HistoryScreen.Kinds)
  /// Shows the messages of sessions.
  case tap(TapRequest)
  /// Shows the details of a session.
  case details(SessionID)
  /// Makes a request at once, as the shell does.
  case request(ControlRequest, PendingAct.Kind, saying: String)
  /// Closes sessions, with a dialog that shows them and asks.
  case close(CloseForm, isConfirmed: Bool)
  /// Sends to sessions, with a dialog that shows them and asks.
  case send(SendForm, isConfirmed: Bool)
  /// Makes a request after a question.
  case ask(ConfirmForm)
  /// Shows text, such as the help of a command; safe to draw.
  case text(title: String, lines: [String])
}

/// Why a typed command is invalid; safe to draw.
package struct CommandFault: Error, Equatable, Sendable {
  /// The sentence.
  package var message: String

  /// A fault.
  package init(_ message: String) {
    self.message = message
  }
}

/// The console's state that a typed command may refer to.
package struct CommandContext: Equatable, Sendable {
  /// The marked sessions, else the session under the cursor.
  package var subjects: [SessionID]
  /// The filter of all sessions of the table.
  package var filter: String
  /// The options with which other commands attach to the same engine.
  package var attachWords: [String]
  /// The engine's run.
  package var run: String?

  /// A context.
  package init(
    subjects: [SessionID] = [], filter: String = "state=open", attachWords: [String] = [],
    run: String? = nil
  ) {
    self.subjects = subjects
    self.filter = filter
    self.attachWords = attachWords
    self.run = run
  }
}
