import ControlProtocol
import Testing
import Vocabulary

@Suite("Replies of the control API over HTTP")
struct ControlReplyHTTPTests {
  static let id = SessionID(rawValue: 4706)

  @Test(
    "A reply is read as it was written",
    arguments: [
      (.statistics, .statistics(Samples.statistics())),
      (
        .sessions(SessionQuery()),
        .sessions(SessionList(engine: "r", total: 9, offset: 1, sessions: [Samples.row()]))
      ),
      (.session(id), .session(SessionDetails(engine: "r", row: Samples.row(), rooms: ["lobby"]))),
      (
        .close(CloseRequest(sessions: [id])),
        .act(
          ActResult(engine: "r", outcomes: [SessionOutcome(id: id, outcome: .noSuchSession)]))
      ),
      (.send(SendRequest(sessions: [id], ping: true)), .act(ActResult(engine: "r", outcomes: []))),
      (.limits, .limits(LimitList(engine: "r", limits: [ToleranceTests.limit]))),
      (.changeLimits(LimitChange()), .limits(LimitList(engine: "r", limits: []))),
      (.stop, .stopping),
      (.reload, .reloaded(ReloadResult(engine: "r", certificates: 2, warnings: ["old"]))),
      (
        .statistics,
        .refused(status: 409, ControlError(code: "other-engine", message: "m", column: 3).error)
      ),
    ] as [(ControlRequest, ControlReply)])
  func roundTrip(request: ControlRequest, reply: ControlReply) throws {
    #expect(try ControlReply(to: request, status: reply.status, body: reply.body) == reply)
  }

  @Test("A refusal without a body we know is one by its status", arguments: ["", "<html>", "{}"])
  func foreignRefusal(body: String) throws {
    #expect(
      try ControlReply(to: .limits, status: 502, body: Array(body.utf8))
        == .refused(
          status: 502, ControlError(code: "http-502", message: "HTTP status 502").error))
  }

  @Test("An answer that makes no sense is an error", arguments: [101, 204, 302, 200])
  func senseless(status: Int) {
    #expect(throws: ControlError.self) {
      try ControlReply(to: .statistics, status: status, body: [])
    }
  }

  @Test("A refusal is its status and error")
  func refusal() {
    let refusal = ControlRefusal(status: 404, ControlError(code: "c", message: "m"))
    #expect(refusal.reply.status == 404)
    #expect(
      String(decoding: refusal.reply.body, as: UTF8.self)
        == #"{"error":{"code":"c","message":"m"}}"#)
  }
}
