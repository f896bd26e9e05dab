package import ControlProtocol

/// The history as far as the operator has paged through it, the newest entry first.
package struct HistoryTable: Equatable, Sendable {
  /// The entries that have come.
  package var entries: [HistoryEntry] = []
  /// Where older entries go on; nil: there are none.
  package var next: HistoryCursor?
  /// Where the entries come from.
  package var store = HistoryStore.disk
  /// Why there are none.
  package var error: ControlError.Body?
  /// The filter's text.
  package private(set) var filter = ""
  /// Which kinds are shown.
  package private(set) var kinds = Kinds.all
  /// The request whose reply is yet to come.
  package var awaited: Awaited?
  /// How many entries the engine had stored when the newest ones were asked for; nil: they are to
  /// be asked for.
  package var storedCount: Int?

  /// A request for a page.
  package struct Awaited: Equatable, Sendable {
    /// The request's tag.
    package var tag: Int
    /// Whether it is for the newest entries, which replace all others.
    package var isFirst: Bool
  }

  /// The choices of kinds.
  package enum Kinds: CaseIterable, Sendable {
    case all, sessions, acts, engine

    /// The kinds that are asked for; empty: all.
    package var wanted: [HistoryEntry.Kind] {
      switch self {
      case .all: []
      case .sessions: [.session]
      case .acts: [.act, .limit]
      case .engine: [.engine, .problem]
      }
    }

    /// The choice in words.
    package var title: String {
      switch self {
      case .all: "all entries"
      case .sessions: "sessions"
      case .acts: "acts and limits"
      case .engine: "engine and problems"
      }
    }
  }

  /// The most entries that are kept; older ones are found by a filter, or by `wstop history`.
  package static let maximumCount = 5000
  /// How many entries are asked for at once.
  package static let pageCount = 200

  /// Nothing has been asked for.
  package init() {}

  /// Looks for other entries, from the newest on; nil: of the same kinds.
  package mutating func look(for filter: String, _ kinds: Kinds? = nil) {
    self.filter = filter
    if let kinds { self.kinds = kinds }
    forget()
  }

  /// Shows the next choice of kinds, from the newest on.
  package mutating func cycleKinds() {
    kinds = kinds.cycled(by: 1)
    forget()
  }

  /// Forgets what has come: another engine, or another choice.
  package mutating func forget() {
    entries = []
    next = nil
    error = nil
    awaited = nil
    storedCount = nil
  }
}
