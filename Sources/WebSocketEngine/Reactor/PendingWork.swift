import DequeModule

/// Legs and openings with work left at the end of a turn, or of a later one.
///
/// Confined to its reactor.
struct PendingWork {
  /// The legs that go on with input they hold, in the order in which they came.
  var line: Deque<Leg> = []
  /// The connections that are no sessions yet and whose events came late in a turn, in their order.
  var openings: Deque<OpeningConnection> = []
  /// The legs with output that waits.
  var dirty: [Leg] = []
  /// The legs whose connection failed.
  var lost: [Leg] = []
  /// The legs whose backlog is over its limit.
  var slow: [Leg] = []
  /// The legs whose connection is gone.
  var terminated: [Leg] = []
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
