internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine

/// The requests for rooms, routes and groups of sessions, and their measurements.
extension ControlAPI {
  /// A window of rooms, routes or groups of sessions, at once if they were measured lately.
  func groups(
    _ query: GroupQuery, for role: ControlRole
  ) async throws(ControlRefusal) -> GroupList {
    let source = GroupSource(query, for: role)
    if let known = knownGroups(query, for: role), groupBoard.isFresh(source, at: reactor.now) {
      return known
    }
    if groupBoard.beginAwaiting(source) {
      context.begin { [self] in await measure(source) }
    }
    await withCheckedContinuation { groupBoard.wait(for: source, $0) }
    // Others wait for the same measurement, and each sorts a window: that is longer work.
    await turns.pause()
    return try Self.found(knownGroups(query, for: role))
  }

  /// Measures the groups that a client looks at, if the last time is long enough ago.
  func refreshGroups() {
    groupBoard.forgetIdle(at: reactor.now)
    for source in groupBoard.sources where groupBoard.beginMeasuring(source, at: reactor.now) {
      context.begin { [self] in await measure(source) }
    }
  }

  private func measure(_ source: GroupSource) async {
    let before = groupBoard.last(source, at: reactor.now)
    let measurement: GroupMeasurement?
    if let field = source.by {
      measurement = await measureSessions(by: field, of: source)
    } else {
      switch source.kind {
      case .routes:
        let census = GroupCensus(observer.routes(), since: before, at: reactor.now)
        measurement = await turns.finish(census.step)
      case .rooms:
        var counts: [RoomCounts] = []
        for handle in context.server.reactors { counts += await handle.roomCounts() ?? [] }
        let census = GroupCensus(counts, since: before, at: reactor.now)
        measurement = await turns.finish(census.step)
      }
    }
    // Nothing cancels the task of a measurement.
    guard let measurement else { return }
    if groupBoard.take(measurement, of: source) { front?.snapshotChanged() }
  }

  private func measureSessions(
    by field: SessionGrouping, of source: GroupSource
  ) async -> GroupMeasurement? {
    // A filter that is wrong was refused before it got here; it has no groups.
    guard let filter = try? source.filter() else { return GroupMeasurement(at: reactor.now) }
    observer.wantRates(at: reactor.now)
    if filter.looksAtRooms { observer.rooms.want() }
    observer.readJournals()
    let census = SessionCensus(observer.observation(for: filter), by: field, asking: filter)
    return await turns.finish(census.step)
  }
}
