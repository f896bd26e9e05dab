import DequeModule

/// Sessions and openings with something left to do at the end of a turn, or of a later one.
///
/// Confined to its reactor.
struct PendingWork {
  /// Those that go on with input they hold, whoever came first first.
  var line: Deque<Session> = []
  /// Connections that are no sessions yet, whose events came late in a turn, in their order.
  var openings: Deque<OpeningConnection> = []
  /// Those with output that waits, from `flushedCount` on.
  var dirty: [Session] = []
  /// Those whose connection failed.
  var lost: [Session] = []
  /// Those whose backlog is over its limit.
  var slow: [Session] = []
  /// Those whose connection is gone.
  var terminated: [Session] = []
  /// Those that are yet to be told to go away.
  var farewells: ArraySlice<Session> = []

  /// Whether nothing is left to do.
  var isEmpty: Bool {
    line.isEmpty && dirty.isEmpty && lost.isEmpty && slow.isEmpty && terminated.isEmpty
      && farewells.isEmpty && openings.isEmpty
  }
}

@available(*, unavailable)
extension PendingWork: Sendable {}
