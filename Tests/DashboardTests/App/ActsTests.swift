import ControlProtocol
import Testing
import Vocabulary

@testable import Dashboard

@Suite("Acts on sessions")
struct ActsTests {
  private func outcomes(_ list: [(Int, SessionOutcome.Outcome)]) -> ControlReply {
    .act(
      ActResult(
        engine: "run-1", outcomes: list.map { SessionOutcome(id: id($0.0), outcome: $0.1) }))
  }

  @Test("Closing wants an explicit yes: Enter all the way does nothing")
  func defaultIsNo() {
    var model = connected()
    #expect(model.keys(.character("X"), .enter, .enter, .enter) == [])
    #expect(model.dialog == nil)
  }

  @Test("Yes closes the session under the cursor, with code and reason")
  func closes() {
    var model = connected()
    model.keys(.down, .function(9), .control("u"))
    model.type("4001")
    model.keys(.enter)
    model.type("be good")
    let effects = model.keys(.tab, .character("y"))
    #expect(
      effects == [
        .request(
          tag: 1,
          .close(
            CloseRequest(
              engine: "run-1", sessions: [id(1)], code: CloseCode(rawValue: 4001),
              reason: "be good")))
      ])
    let command = "wstop close s-1yj1 --code 4001 --reason \"be good\""
    #expect(model.notice?.command == command)
    _ = update(&model, .reply(tag: 1, outcomes([(1, .done)])))
    #expect(model.notice?.text == "closed 1")
    #expect(model.text.contains("$ " + command))
  }

  @Test("The marked sessions are closed, not the one under the cursor; marks of the gone go")
  func closesMarked() {
    var model = connected()
    model.keys(.character(" "), .character(" "), .character(" "), .character("X"))
    #expect(model.text.contains("Close 3 sessions"))
    model.keys(.enter, .tab, .tab, .tab, .right)
    let effects = model.keys(.enter)
    guard case .request(let tag, .close(let request))? = effects.first else {
      Issue.record("nothing was asked for")
      return
    }
    #expect(request.selection.sessions == [id(0), id(1), id(2)])
    _ = update(&model, .reply(tag: tag, outcomes([(0, .done), (1, .done), (2, .noSuchSession)])))
    #expect(model.notice?.text == "closed 2, 1 had already gone")
    #expect(model.notice?.tone == .warning)
    #expect(model.table.marks.isEmpty)
  }

  @Test("The sessions are those of the moment the dialog was opened")
  func keepsSubjects() {
    var model = connected()
    model.keys(.character("X"))
    var moved = picture()
    moved.sessions?.sessions.removeFirst()
    _ = update(&model, .snapshot(moved))
    guard case .request(_, .close(let request))? = model.keys(.enter, .tab, .character("y")).first
    else {
      Issue.record("nothing was asked for")
      return
    }
    #expect(request.selection.sessions == [id(0)])
  }

  @Test(
    "Only codes that may be sent are",
    arguments: [
      "1004", "1005", "1006", "1015", "999", "0", "2000", "5000", "65536", "", "99999",
    ])
  func refusesCodes(code: String) {
    var form = CloseForm(ActPlan([.sessions([id(0)])]))
    form.code.replace(with: code)
    #expect(form.problem != nil)
    form.focus = .buttons
    #expect(form.perform(.yes) == .stay)
  }

  @Test(
    "Codes that may be sent pass, and have a name",
    arguments: [
      ("1000", "normal closure"), ("1014", "bad gateway"), ("3000", "of a library or framework"),
      ("4999", "of the application"),
    ])
  func acceptsCodes(code: String, name: String) {
    var form = CloseForm(ActPlan([.sessions([id(0)])]))
    form.code.replace(with: code)
    #expect(form.problem == nil)
    #expect(form.codeName == name)
  }

  @Test("A reason has 123 bytes at most, counted in UTF-8")
  func reasonLength() {
    var form = CloseForm(ActPlan([.sessions([id(0)])]))
    form.reason.insert(String(repeating: "é", count: 61) + "x")
    #expect(form.problem == nil)
    form.reason.insert("x")
    #expect(form.problem != nil)
  }

  @Test("Up and down step the code through those that may be sent")
  func steps() {
    var form = CloseForm(ActPlan([.sessions([id(0)])]))
    _ = form.perform(.stepUp)
    #expect(form.code.text == "1001")
    for _ in 0..<40 {
      _ = form.perform(.stepDown)
      #expect(form.problem == nil)
    }
  }

  @Test("A paste never acts, wherever the focus is", arguments: 0..<4)
  func pasteIsHarmless(tabs: Int) {
    var model = connected()
    #expect(update(&model, .paste("X\ny\nq:q\n")) == [])
    #expect(model.dialog == nil)
    model.keys(.character("X"))
    for _ in 0..<tabs { model.keys(.tab) }
    #expect(update(&model, .paste("\ny\nY\n")) == [])
    #expect(model.keyContext == .closeDialog)
  }

  @Test(
    "A text, bytes and a ping are sent",
    arguments: [
      (0, "hé", SendRequest(engine: "run-1", sessions: [id(0)], text: "hé")),
      (1, "00 ff", SendRequest(engine: "run-1", sessions: [id(0)], binary: "AP8=")),
      (2, "", SendRequest(engine: "run-1", sessions: [id(0)], ping: true)),
    ])
  func sends(mode: Int, text: String, request: SendRequest) {
    var model = connected()
    model.keys(.character("m"))
    model.type(text)
    model.keys(.backTab)
    for _ in 0..<mode { model.keys(.right) }
    model.keys(.backTab)
    #expect(model.keys(.enter) == [.request(tag: 1, .send(request))])
    _ = update(&model, .reply(tag: 1, outcomes([(0, .queued)])))
    #expect(model.notice?.text == "sent to 1 (1 wait in the backlog)")
  }

  @Test("Hexadecimal text that is no bytes is not sent, and the column is named")
  func badHex() {
    var model = connected()
    model.keys(.character("m"), .backTab, .right, .tab)
    model.type("0g")
    #expect(model.text.contains("column 2 is no hexadecimal digit"))
    #expect(model.keys(.enter, .enter) == [])
    #expect(model.keyContext == .sendDialog)
  }

  @Test("A refusal is shown with its sentence")
  func refused() {
    var model = connected()
    model.keys(.character("X"), .enter, .tab, .character("y"))
    _ = update(
      &model,
      .reply(tag: 1, .refused(status: 409, ControlError(code: "run", message: "another run").error))
    )
    #expect(model.text.contains("failed: refused (409): another run"))
  }

  @Test("Without a connection nothing is begun, and what was begun is not claimed")
  func notConnected() {
    var model = connected()
    model.keys(.character("X"), .enter, .tab, .character("y"))
    _ = update(&model, .connectionLost(reason: "gone"))
    #expect(model.notice?.text.contains("not known") == true)
    model.keys(.character("X"))
    #expect(model.dialog == nil)
    #expect(model.notice?.text == "not connected: nothing can be done")
    _ = update(&model, .reply(tag: 1, outcomes([(0, .done)])))
    #expect(model.notice?.text == "not connected: nothing can be done")
  }

  @Test(
    "Outcomes are summed up",
    arguments: [
      ([SessionOutcome.Outcome.done, .done, .noSuchSession], "closed 2, 1 had already gone"),
      ([.noSuchSession], "1 had already gone"), ([.notOpen, .done], "closed 1, 1 not open"),
      ([], "closed none"),
    ])
  func summaries(list: [SessionOutcome.Outcome], text: String) {
    let result = ActResult(
      engine: "run-1", outcomes: list.enumerated().map { SessionOutcome(id: id($0), outcome: $1) })
    #expect(ActSummary(result, of: .close).text == text)
  }

  @Test("The command attaches to the same engine")
  func attachWords() {
    var model = connected()
    model.setup.attachWords = ["--name", "prod-1"]
    model.keys(.character("X"))
    #expect(model.text.contains("$ wstop close --name prod-1 s-1yg1 --code 1000"))
  }

  @Test("A notice goes after a while")
  func noticeExpires() {
    var model = connected()
    model.keys(.character("Z"))
    #expect(model.notice != nil)
    _ = update(&model, .tick(now: now + Notice.lifetime + 1))
    #expect(model.notice == nil)
  }
}
