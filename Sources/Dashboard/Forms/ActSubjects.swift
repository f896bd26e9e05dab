package import Vocabulary

/// The target of a dialog.
package enum ActSubjects: Equatable, Sendable {
  /// The sessions under the cursor or marked, as they were when the dialog was opened.
  case sessions([SessionID])
  /// All open sessions that match a filter when the act begins.
  case filter(String)

  /// The number of named sessions; nil for a filter.
  package var namedCount: Int? {
    if case .sessions(let sessions) = self { sessions.count } else { nil }
  }

  /// All open sessions, as the filter of an act, which must have one.
  package static let filterOfAll = "state=open"

  /// Whether it is every open session.
  package var areAll: Bool { self == .filter(Self.filterOfAll) }

  /// Whether it can be more than one session, which wants a preview and can have a pace.
  package var areMany: Bool { namedCount != 1 }
}
