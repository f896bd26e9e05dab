package import ControlProtocol

/// The screen of the history: what is over, as far as the person has paged through it.
package struct HistoryScreen: ScreenState {
  package static let title = "History"
  package static let digit: Character = "7"

  /// The entries that have come, the newest first.
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
  /// The cursor and the visible part.
  package var position = ListPosition()
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
  private mutating func forget() {
    entries = []
    next = nil
    error = nil
    awaited = nil
    storedCount = nil
  }

  package mutating func connect() { forget() }

  package mutating func disconnect() { awaited = nil }

  package mutating func settle(in context: ScreenContext) {
    position.settle(count: entries.count, visible: Layout(context).bodyRows)
  }

  // MARK: Asking

  /// The request for entries that are lacking, if there are such.
  ///
  /// The newest are asked for again when the engine has stored more and the cursor stands at the
  /// top, at most once for each picture; older ones when the cursor comes near the last.
  package mutating func ask(in context: inout ScreenContext) -> [Effect] {
    guard context.connection.isConnected, awaited == nil,
      let statistics = context.picture.statistics
    else { return [] }
    let stored = statistics.history?.stored ?? 0
    let isFree = position.cursor == 0 && !context.pacing.isPaused && context.pages.isEmpty
    let isNews = storedCount.map { stored != $0 && isFree } ?? true
    var query = HistoryQuery(filter: filter, kinds: kinds.wanted, limit: Self.pageCount)
    if isNews {
      storedCount = stored
    } else {
      let isNearEnd = position.cursor + context.rows >= entries.count
      guard let next, isNearEnd, entries.count < Self.maximumCount else { return [] }
      query.cursor = next
    }
    let tag = context.pending.takeTag()
    awaited = Awaited(tag: tag, isFirst: isNews)
    return [.request(tag: tag, .history(query))]
  }

  /// Takes a reply, if it is a page that was asked for.
  package mutating func take(_ reply: ControlReply, tag: Int) -> Bool {
    guard let awaited, awaited.tag == tag else {
      // One that was asked for before something else was looked at.
      if case .history = reply { return true }
      return false
    }
    self.awaited = nil
    switch reply {
    case .history(let page):
      if awaited.isFirst { entries = [] }
      entries += page.entries.prefix(Self.maximumCount - min(entries.count, Self.maximumCount))
      next = page.next
      store = page.store
      error = nil
    case .refused(_, let body):
      error = body
      next = nil
    default: break
    }
    return true
  }
}
