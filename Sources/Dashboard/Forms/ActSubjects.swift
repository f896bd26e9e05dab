package import Vocabulary

/// The sessions that a dialog is about.
package enum ActSubjects: Equatable, Sendable {
  /// Those under the cursor or marked, as they were when the dialog was opened.
  case sessions([SessionID])
  /// All open ones that match a filter when it happens.
  case filter(String)

  /// How many are named; nil for a filter.
  package var namedCount: Int? {
    if case .sessions(let sessions) = self { sessions.count } else { nil }
  }

  /// Whether it is about more than one session, and so wants a preview and can have a pace.
  package var areMany: Bool { namedCount != 1 }
}
