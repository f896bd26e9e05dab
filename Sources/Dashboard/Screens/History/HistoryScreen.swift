package import ControlProtocol

/// The history screen: closed sessions, acts and events, as far as they were paged through.
package struct HistoryScreen: ScreenState {
  package static let title = "History"
  package static let digit: Character = "7"

  /// The entries that have come, the newest first.
  package var entries: [HistoryEntry] = []
  /// The cursor for older entries; nil: there are none.
  package var next: HistoryCursor?
  /// The store that the entries come from.
  package var store = HistoryStore.disk
  /// Why there are no entries.
  package var error: ControlError.Body?
  /// The filter's text.
  package private(set) var filter = ""
  /// The chosen kinds.
  package private(set) var kinds = Kinds.all
  /// The cursor and the visible part.
  package var position = ListPosition()
  /// The request whose reply is yet to come.
  package var awaited: Awaited?
  /// The engine's count of stored entries when the newest were asked for; nil: they have to be
  /// asked for.
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

    /// The kinds for the request; empty: all.
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
  /// The entries of one request.
  package static let pageCount = 200

  /// Nothing has been asked for.
  package init() {}

  /// Begins anew with a filter; nil keeps the kinds.
  package mutating func look(for filter: String, _ kinds: Kinds? = nil) {
    self.filter = filter
    if let kinds { self.kinds = kinds }
    forget()
  }

  /// Begins anew with the next choice of kinds.
  package mutating func cycleKinds() {
    kinds = kinds.cycled(by: 1)
    forget()
  }

  /// Drops the entries: the engine or the filter is another one.
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

  /// The request for missing entries, if there are any.
  ///
  /// The newest are asked for again when the engine has stored more and the cursor is at the top,
  /// at most once a snapshot; older ones when the cursor comes near the last.
  package mutating func ask(in context: inout ScreenContext) -> [Effect] {
    guard context.connection.isConnected, awaited == nil,
      let statistics = context.latest.statistics
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

  /// Takes a reply, if it is to its request.
  package mutating func take(_ reply: ControlReply, tag: Int) -> Bool {
    guard let awaited, awaited.tag == tag else {
      // A page that was asked for before the filter changed is dropped.
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
