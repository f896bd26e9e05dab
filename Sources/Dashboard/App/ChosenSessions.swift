package import Vocabulary

/// The sessions that a person has chosen on the screen of sessions: those that dialogs and commands
/// are for if they name none.
package struct ChosenSessions: Equatable, Sendable {
  /// The marked ones.
  package var marks: Set<SessionID> = []
  /// The one under the cursor.
  package var cursor: SessionID?
  /// The filter of all that the table shows; an act by filter must have one.
  package var filter = SessionTable().filterOfAll

  /// None.
  package init() {}

  /// Those that an act is meant for: the marked ones, else the one under the cursor.
  package var subjects: [SessionID] {
    marks.isEmpty ? cursor.map { [$0] } ?? [] : marks.sorted()
  }
}
