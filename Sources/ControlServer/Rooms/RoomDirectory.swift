internal import Vocabulary

/// The rooms of sessions, as far as a filter asked for them.
///
/// Rooms are known to the reactors alone. A filter that looks at them finds those fetched last and
/// leaves a mark, so that its user fetches them again.
final class RoomDirectory {
  /// The sessions whose rooms are to be fetched.
  enum Wish {
    case all
    case sessions(Set<SessionID>)
  }

  /// The most sessions whose rooms are fetched because they are shown.
  private static let maximumShownCount = 2000
  /// The most sessions whose rooms are kept because they were shown.
  private static let maximumNameCount = 50_000

  private var names: [SessionID: [String]] = [:]
  /// Whether a filter asked since the mark was taken.
  private var isWanted = false
  /// The sessions whose rooms are shown, since they were taken.
  private var shown: Set<SessionID> = []
  /// How many times rooms are being fetched.
  private var fetchCount = 0
  /// The beginning of the last fetch of the rooms of all sessions.
  private var allFetchedAt: Instant?
  /// The last session of each reactor that was open then; empty before the first fetch.
  private var latest: [SessionID] = []
  /// The beginning of the last fetch of the rooms of shown sessions.
  private var shownFetchedAt: Instant?
  /// How long fetched rooms are valid.
  private static let lifetime = Duration.seconds(1)

  /// The rooms that a session was in; nil if that is not known, since none were fetched or it was
  /// opened later.
  func names(of id: SessionID) -> [String]? {
    isWanted = true
    if let known = names[id] { return known }
    guard id.reactor < latest.count, id <= latest[id.reactor] else { return nil }
    return []
  }

  /// The rooms of a shown session, as they were fetched last, and a mark for it alone; nil if they
  /// were not.
  func names(ofShown id: SessionID) -> [String]? {
    if shown.count <= Self.maximumShownCount { shown.insert(id) }
    return names[id]
  }

  /// Leaves a mark again: a search over several turns may have had its own taken meanwhile.
  func want() { isWanted = true }

  /// Takes the marks away and gives the sessions whose rooms are to be fetched; nil if there were
  /// none, or if their rooms are fresh.
  func takeWish(at now: Instant) -> Wish? {
    defer {
      isWanted = false
      shown = []
    }
    // Rooms fetched of a few sessions say nothing of the others.
    if isWanted || shown.count > Self.maximumShownCount {
      return Self.isFresh(allFetchedAt, at: now) ? nil : .all
    }
    guard !shown.isEmpty, !Self.isFresh(shownFetchedAt, at: now) else { return nil }
    return .sessions(shown)
  }

  /// Whether rooms are being fetched; a caller that can wait for them need not ask as well.
  var isFetching: Bool { fetchCount > 0 }

  func beginFetching() { fetchCount += 1 }

  /// Takes the answers of reactors, unless something newer is known.
  ///
  /// - Parameters:
  ///   - names: the rooms of the sessions that are in any; nil if a reactor did not answer.
  ///   - began: the time of the request.
  ///   - latest: the last session of each reactor that was open then.
  func endFetching(
    _ wish: Wish, _ names: [SessionID: [String]]?, since began: Instant, latest: [SessionID]
  ) {
    fetchCount -= 1
    guard let names else { return }
    switch wish {
    case .all: replace(names, at: began, latest: latest)
    case .sessions(let ids): replace(names, of: ids, at: began)
    }
  }

  private func replace(
    _ names: [SessionID: [String]], at began: Instant, latest: [SessionID]
  ) {
    if let allFetchedAt, began < allFetchedAt { return }
    self.names = names
    self.latest = latest
    allFetchedAt = began
    shownFetchedAt = began
  }

  private func replace(_ new: [SessionID: [String]], of ids: Set<SessionID>, at began: Instant) {
    if let shownFetchedAt, began < shownFetchedAt { return }
    // Sessions that were shown once and are gone since are not kept for ever.
    if names.count > Self.maximumNameCount {
      names = [:]
      allFetchedAt = nil
      latest = []
    }
    for id in ids { names[id] = new[id] ?? [] }
    shownFetchedAt = began
  }

  private static func isFresh(_ fetchedAt: Instant?, at now: Instant) -> Bool {
    fetchedAt.map { $0.duration(to: now) < lifetime } ?? false
  }
}

@available(*, unavailable)
extension RoomDirectory: Sendable {}
