internal import Vocabulary

/// Which rooms sessions are in, as far as a filter asked for it.
///
/// Rooms are known to the reactors alone. A filter that looks at them finds what was fetched last
/// and leaves a mark, so that whoever uses it fetches them again.
final class RoomDirectory {
  private var names: [SessionID: [String]] = [:]
  /// Whether a filter asked since the mark was taken.
  private var isWanted = false
  /// When the rooms were fetched last.
  private(set) var fetchedAt: Instant?

  /// The rooms that a session was in.
  func names(of id: SessionID) -> [String] {
    isWanted = true
    return names[id] ?? []
  }

  /// Takes the mark away and says whether it was there.
  func takeWish() -> Bool {
    defer { isWanted = false }
    return isWanted
  }

  /// Replaces what is known.
  func replace(_ names: [SessionID: [String]], at now: Instant) {
    self.names = names
    fetchedAt = now
  }
}

@available(*, unavailable)
extension RoomDirectory: Sendable {}
