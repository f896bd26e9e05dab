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
      func perform(_ request: ControlRequest) throws -> ControlReply {
        try client.perform(request, timeout: ByteStream.patience)
      }
      guard case .statistics(let statistics) = try perform(.statistics),
        case .sessions(let list) = try perform(.sessions(SessionQuery())),
        case .session(let details) = try perform(.session(id)),
        case .limits(let limits) = try perform(.limits),
        case .limits(let changed) = try perform(
          .changeLimits(LimitChange(scope: .session(id), set: ["idle-timeout": "1h"]))),
        case .act(let sent) = try perform(.send(SendRequest(sessions: [id], text: "hi"))),
        case .act(let closed) = try perform(.close(CloseRequest(sessions: [id])))
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
        try perform(.session(SessionID(rawValue: 1 << 40)))
      }
      let snapshot = try client.snapshot(
        of: WatchRequest(eventsAfter: 0), timeout: ByteStream.patience)
      #expect(snapshot.events?.count { !$0.isOfSlowness } == 4)
    }
  }
}
