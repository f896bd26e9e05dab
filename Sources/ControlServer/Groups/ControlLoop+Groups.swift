internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine

extension ControlLoop {
  /// Answers a question for rooms or routes, at once if they were measured lately.
  func answer(_ query: GroupQuery, on connection: ControlConnection) {
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

  /// Measures what somebody looks at, if the last time is long enough ago.
  func refreshGroups() {
    for kind in GroupKind.allCases where groupBoard.beginMeasuring(kind, at: reactor.now) {
      measure(kind)
    }
  }

  private func measure(_ kind: GroupKind) {
    switch kind {
    case .routes: take(observer.routes(), of: kind)
    case .rooms:
      context.run { [context] in
        var rows: [UTF8Name: GroupRow] = [:]
        for share in context.server.reactors {
          for counts in await share.roomCounts() ?? [] {
            rows[counts.name, default: GroupRow(name: counts.name.text)].add(GroupRow(counts))
          }
        }
        let found = Array(rows.values)
        context.mailbox.post { $0.take(found, of: kind) }
      }
    }
  }

  private func take(_ rows: [GroupRow], of kind: GroupKind) {
    let (isFirst, waiting) = groupBoard.take(rows, of: kind, at: reactor.now)
    for command in waiting { command(self) }
    if isFirst { refreshWatches() }
  }
}

extension GroupRow {
  /// What one reactor counted of a room.
  init(_ counts: RoomCounts) {
    self.init(name: counts.name.text)
    sessions = counts.memberCount
    messagesIn = counts.traffic.messageCount
    bytesIn = counts.traffic.byteCount
    messagesOut = counts.traffic.deliveryCount
    bytesOut = counts.traffic.deliveredByteCount
  }
}
