package import Vocabulary

/// The sessions chosen on the sessions screen: the default of dialogs and commands.
package struct ChosenSessions: Equatable, Sendable {
  /// The marked sessions.
  package var marks: Set<SessionID> = []
  /// The session under the cursor.
  package var cursor: SessionID?
  /// The filter of all sessions that the table shows; an act by filter must have one.
  package var filter = SessionTable().filterOfAll

  /// No session is chosen.
  package init() {}

  /// The default of an act: the marked sessions, else the session under the cursor.
  package var subjects: [SessionID] {
    marks.isEmpty ? cursor.map { [$0] } ?? [] : marks.sorted()
  }
}
