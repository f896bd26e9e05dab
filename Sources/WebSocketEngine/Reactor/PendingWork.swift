import DequeModule

/// Sessions and openings with work left at the end of a turn, or of a later one.
///
/// Confined to its reactor.
struct PendingWork {
  /// The sessions that go on with input they hold, in the order in which they came.
  var line: Deque<Session> = []
  /// The connections that are no sessions yet and whose events came late in a turn, in their order.
  var openings: Deque<OpeningConnection> = []
  /// The sessions with output that waits.
  var dirty: [Session] = []
  /// The sessions whose connection failed.
  var lost: [Session] = []
  /// The sessions whose backlog is over its limit.
  var slow: [Session] = []
  /// The sessions whose connection is gone.
  var terminated: [Session] = []
  /// The sessions that are yet to be told to go away.
  var farewells: ArraySlice<Session> = []

  /// Whether nothing is left to do.
  var isEmpty: Bool {
    line.isEmpty && dirty.isEmpty && lost.isEmpty && slow.isEmpty && terminated.isEmpty
      && farewells.isEmpty && openings.isEmpty
  }
}

@available(*, unavailable)
extension PendingWork: Sendable {}
