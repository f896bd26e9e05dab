import ControlProtocol
import Testing
import Vocabulary

@Suite("Replies of the control API over HTTP")
struct ControlReplyHTTPTests {
  static let id = SessionID(rawValue: 4706)

  static let act: ActStatus = {
    var act = ActStatus(engine: "r", id: 7, kind: .send, filter: "tls", count: 9)
    for outcome in [SessionOutcome.Outcome.done, .queued, .notOpen, .notOpen, .tooBig] {
      act.add(outcome)
    }
    (act.rate, act.jitter, act.previewed) = (5, 0.2, 12)
    return act
  }()

  @Test("An act counts what was delivered, queued and failed, and what is left")
  func counts() {
    #expect(Self.act.hitCount == 2)
    #expect(Self.act.doneCount == 5)
    #expect(Self.act.leftCount == 4)
    #expect(Self.act.failed.counts == ["not-open": 2, "too-big": 1])
  }

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
      (
        .close(CloseRequest(ActSelection(filter: "tls", dryRun: true))),
        .preview(
          ActPreview(
            engine: "r", count: 1, total: 9, sample: [Samples.row()], token: "t",
            expiresInSeconds: 600))
      ),
      (.send(SendRequest(ActSelection(sessions: [id], rate: 5), ping: true)), .progress(act)),
      (.act(7), .progress(act)), (.abort(7, AbortRequest()), .progress(act)),
      (.acts, .acts(ActList(engine: "r", acts: [act]))),
      (.limits, .limits(LimitList(engine: "r", limits: [ToleranceTests.limit]))),
      (.changeLimits(LimitChange()), .limits(LimitList(engine: "r", limits: []))),
      (
        .changeLimits(LimitChange(dryRun: false)),
        .limits(LimitList(engine: "r", limits: [], outcome: LimitOutcome()))
      ),
      (.traffic(TrafficQuery()), .traffic(TrafficReport(engine: "r", window: .day, route: "/a"))),
      (.keepLimits(LimitKeep()), .limits(LimitList(engine: "r", limits: []))),
      (.changeLimits(LimitChange(dryRun: true)), .limitPreview(Samples.preview)),
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
