package import ControlProtocol
package import Vocabulary

/// What a command that was typed in the console means.
package enum ConsoleCommand: Equatable, Sendable {
  /// Leave the console.
  case quit
  /// Show the keys.
  case help
  /// Show a screen.
  case show(Screen)
  /// Show the sessions that match; nil leaves the filter, the order, or whether live or closed ones
  /// are shown, as it is.
  case sessions(
    filter: String? = nil, sort: SortKey? = nil, isDescending: Bool? = nil,
    show: SessionSelection? = nil)
  /// Show rooms or routes.
  case groups(GroupQuery)
  /// Show what closed in the last seconds; nil: since the engine started.
  case closes(seconds: Int?)
  /// Show rates, sizes and round trips.
  case traffic(TrafficQuery)
  /// Show the entries of the history that match.
  case history(filter: String, HistoryScreen.Kinds)
  /// Show the messages of sessions.
  case tap(TapRequest)
  /// Show everything known of a session.
  case details(SessionID)
  /// Make a request at once, as the shell does.
  case request(ControlRequest, PendingAct.Kind, saying: String)
  /// Close sessions, with a dialog that shows whom and asks.
  case close(CloseForm, isConfirmed: Bool)
  /// Send to sessions, with a dialog that shows whom and asks.
  case send(SendForm, isConfirmed: Bool)
  /// Ask, and then make a request.
  case ask(ConfirmForm)
  /// Show text, such as the help of a command; it may be drawn as it is.
  case text(title: String, lines: [String])
}

/// Why a command that was typed means nothing; fit to be drawn.
package struct CommandFault: Error, Equatable, Sendable {
  /// The sentence.
  package var message: String

  /// A fault.
  package init(_ message: String) {
    self.message = message
  }
}

/// What a command that was typed may leave to the console.
package struct CommandContext: Equatable, Sendable {
  /// The sessions that are marked, else the one under the cursor.
  package var subjects: [SessionID]
  /// The filter of all sessions of the table.
  package var filter: String
  /// The words that attach another command to the same engine.
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
