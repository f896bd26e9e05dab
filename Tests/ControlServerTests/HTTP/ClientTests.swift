import ControlClient
import ControlProtocol
import TestSupport
import Testing
import Vocabulary
import WebSocketEngine

@Suite("The control API and its client", .limited, .timeLimit(.minutes(10)))
struct ClientTests {
  @Test("Both ends understand each other's requests and answers")
  func requests() async throws {
    try await TestEngine.run { engine in
      let id = try engine.sessions(1)[0].id
      let client = ControlClient(path: engine.path)
      guard case .statistics(let statistics) = try client.perform(.statistics),
        case .sessions(let list) = try client.perform(.sessions(SessionQuery())),
        case .session(let details) = try client.perform(.session(id)),
        case .limits(let limits) = try client.perform(.limits),
        case .limits(let changed) = try client.perform(
          .changeLimits(LimitChange(scope: .session(id), set: ["idle-timeout": "1h"]))),
        case .act(let sent) = try client.perform(.send(SendRequest(sessions: [id], text: "hi"))),
        case .act(let closed) = try client.perform(.close(CloseRequest(sessions: [id])))
      else {
        Issue.record("an answer that belongs to another request")
        return
      }
      #expect(statistics.engine.run == engine.server.run)
      #expect(list.sessions.map(\.id) == [id])
      #expect(details.row.id == id)
      #expect(limits.limits.count == LimitKey.allCases.count)
      #expect(changed.limits.count == LimitKey.allCases.count + 1)
      #expect(sent.outcomes == [SessionOutcome(id: id, outcome: .done)])
      #expect(closed.outcomes == [SessionOutcome(id: id, outcome: .done)])
      #expect(throws: ControlClientError.self) {
        try client.perform(.session(SessionID(rawValue: 1 << 40)))
      }
      let snapshot = try client.snapshot(of: WatchRequest(eventsAfter: 0))
      #expect(snapshot.events?.count == 4)
    }
  }
}
