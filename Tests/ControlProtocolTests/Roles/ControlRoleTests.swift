import ControlProtocol
import Testing
import Vocabulary

@Suite("Roles and tokens")
struct ControlRoleTests {
  @Test("operate may do all, view only look")
  func includes() {
    #expect(ControlRole.operate.includes(.operate) && ControlRole.operate.includes(.view))
    #expect(ControlRole.view.includes(.view) && !ControlRole.view.includes(.operate))
  }

  private static let id = SessionID(sequence: 1, reactor: 0)

  @Test(
    "Whatever changes something wants operate",
    arguments: [
      (.statistics, .view), (.sessions(SessionQuery()), .view), (.session(id), .view),
      (.groups(GroupQuery(.rooms)), .view), (.acts, .view), (.act(1), .view), (.limits, .view),
      (.closes, .view), (.history(HistoryQuery()), .view),
      (.close(CloseRequest(ActSelection(sessions: [id]))), .operate),
      (.send(SendRequest(ActSelection(sessions: [id]))), .operate),
      (.abort(1, AbortRequest()), .operate), (.changeLimits(LimitChange()), .operate),
      (.reload, .operate), (.stop, .operate),
    ] as [(ControlRequest, ControlRole)])
  func roles(request: ControlRequest, role: ControlRole) {
    #expect(request.role == role)
  }

  @Test(
    "A picture without a role is one of the engine's own machine; an unknown role may do least",
    arguments: [
      ("", nil), (#","role":"view""#, .view), (#","role":"operate""#, .operate),
      (#","role":"owner""#, .view),
    ] as [(String, ControlRole?)])
  func snapshot(field: String, role: ControlRole?) throws {
    let statistics = EngineStatistics(
      engine: EngineIdentity(
        run: "r", name: "n", version: "1", processID: 1, startedAt: 0, listeners: [], routes: []),
      now: 0, uptimeSeconds: 0)
    var json = String(
      decoding: ControlJSON.encode(Snapshot(sequence: 1, statistics: statistics)), as: UTF8.self)
    #expect(!json.contains("role"))
    json = json.dropLast() + field + "}"
    #expect(try ControlJSON.decode(Snapshot.self, from: json.utf8).role == role)
  }

  @Test(
    "A token has 20 to 256 characters of those that HTTP takes",
    arguments: [
      (String(repeating: "a", count: 19), false), (String(repeating: "a", count: 20), true),
      (String(repeating: "a", count: 256), true), (String(repeating: "a", count: 257), false),
      ("AZaz09-._~+/=AZaz09-", true), ("aaaaaaaaaaaaaaaaaaa aa", false),
      ("aaaaaaaaaaaaaaaaaaa\r\n", false), ("ääääääääääääääääääää", false),
    ])
  func tokens(token: String, isToken: Bool) {
    #expect(BearerToken.isToken(token.utf8) == isToken)
  }
}
