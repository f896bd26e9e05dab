internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine

/// The request for rooms or routes, and their measurements.
extension ControlAPI {
  /// A window of rooms or routes, at once if they were measured lately.
  func groups(_ query: GroupQuery) async throws(ControlRefusal) -> GroupList {
    if let known = knownGroups(query), groupBoard.isFresh(query.kind, at: reactor.now) {
      return known
    }
    if groupBoard.beginAwaiting(query.kind) {
      context.begin { [self] in await measure(query.kind) }
    }
    await withCheckedContinuation { groupBoard.wait(for: query.kind, $0) }
    // Others wait for the same measurement, and each sorts a window: that is longer work.
    await turns.pause()
    return try Self.found(knownGroups(query))
  }

  /// Measures rooms or routes that a client looks at, if the last time is long enough ago.
  func refreshGroups() {
    for kind in GroupKind.allCases where groupBoard.beginMeasuring(kind, at: reactor.now) {
      context.begin { [self] in await measure(kind) }
    }
  }

  private func measure(_ kind: GroupKind) async {
    let census: GroupCensus
    switch kind {
    case .routes:
      let rows = observer.routes()
      census = GroupCensus(rows, since: groupBoard.last(kind, at: reactor.now), at: reactor.now)
    case .rooms:
      var counts: [RoomCounts] = []
      for handle in context.server.reactors { counts += await handle.roomCounts() ?? [] }
      census = GroupCensus(counts, since: groupBoard.last(kind, at: reactor.now), at: reactor.now)
    }
    // Nothing cancels the task of a measurement.
    guard let measurement = await turns.finish(census.step) else { return }
    if groupBoard.take(measurement, of: kind) { front?.snapshotChanged() }
  }
}
