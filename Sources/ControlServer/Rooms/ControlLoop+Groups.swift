internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine

extension ControlLoop {
  /// Answers a question for rooms or routes, at once if they were measured lately.
  func answer(_ query: GroupQuery, on connection: ClientConnection) {
    let known = groupBoard.list(query, run: engineRun, at: reactor.now)
    if let known, groupBoard.isFresh(query.kind, at: reactor.now) {
      return answer(.groups(known), to: connection.number)
    }
    let number = connection.number
    let isFirst = groupBoard.wait(for: query.kind) { loop in
      loop.proceedSoon { [unowned loop] _ in
        if let list = loop.groupBoard.list(query, run: loop.engineRun, at: loop.reactor.now) {
          loop.answer(.groups(list), to: number)
        }
        return true
      }
    }
    if isFirst { measure(query.kind) }
  }

  /// Measures rooms or routes that a client looks at, if the last time is long enough ago.
  func refreshGroups() {
    for kind in GroupKind.allCases where groupBoard.beginMeasuring(kind, at: reactor.now) {
      measure(kind)
    }
  }

  private func measure(_ kind: GroupKind) {
    switch kind {
    case .routes:
      let rows = observer.routes()
      take(GroupCensus(rows, since: groupBoard.last(kind, at: reactor.now), at: reactor.now), kind)
    case .rooms:
      context.run { [context] in
        var counts: [RoomCounts] = []
        for share in context.server.reactors { counts += await share.roomCounts() ?? [] }
        context.post { [counts] loop in
          let now = loop.reactor.now
          loop.take(
            GroupCensus(counts, since: loop.groupBoard.last(kind, at: now), at: now), kind)
        }
      }
    }
  }

  private func take(_ census: GroupCensus, _ kind: GroupKind) {
    proceed { [unowned self] deadline in
      guard let measurement = census.step(until: deadline) else { return false }
      let (isFirst, waiting) = groupBoard.take(measurement, of: kind)
      for command in waiting { command(self) }
      if isFirst { refreshWatches() }
      return true
    }
  }
}
