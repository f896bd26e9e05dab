import Synchronization
package import Vocabulary

/// A session that is gone: its last numbers and its end.
package struct ClosedSession: Sendable {
  /// The session's name.
  package var id: SessionID
  /// The index that its record had in its reactor's slab.
  package var record: Int
  /// Its numbers at the end, if its record could be read.
  package var sample: SessionSample?
  /// The end.
  package var close: SessionClose
  /// The time at which its connection was gone; monotonic.
  package var closedAt: Instant
  /// The tags it had.
  package var tags: [SessionTag] = []
}

/// Sessions opened, first tagged and closed on one reactor since an observer last asked, in order.
///
/// Kept only while an observer takes it, and bounded: an observer that falls behind is told how
/// much it missed. Taken when a session opens or closes, never per message.
package final class SessionJournal: Sendable {
  /// One entry.
  package enum Entry: Sendable {
    /// A session was opened.
    case opened(SessionProfile)
    /// A session got its first tag; later ones are in the same object.
    case tagged(SessionID, record: Int, SessionTags)
    /// A session is gone; `indirect`, as its last numbers would make every entry 200 bytes long.
    indirect case closed(ClosedSession)
  }

  private struct State: Sendable {
    var isObserved = false
    var entries: [Entry] = []
    var missedCount = 0
  }

  /// The most entries that wait for an observer.
  package static let maximumEntryCount = 200_000

  private let state = Mutex(State())

  init() {}

  /// Begins to keep entries.
  package func observe() {
    state.withLock { $0.isObserved = true }
  }

  func append(_ entry: Entry) {
    state.withLock { state in
      guard state.isObserved else { return }
      guard state.entries.count < Self.maximumEntryCount else {
        state.missedCount += 1
        return
      }
      state.entries.append(entry)
    }
  }

  /// Takes the kept entries, and the number of those that were not kept.
  package func takeAll() -> (entries: [Entry], missedCount: Int) {
    state.withLock { state in
      let taken = (state.entries, state.missedCount)
      state.entries = []
      state.missedCount = 0
      return taken
    }
  }
}
