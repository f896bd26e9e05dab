import ControlProtocol
import Testing
import Vocabulary

@testable import Dashboard

@Suite("Acts with a preview, a pace and an end")
struct ActPreviewTests {
  /// A preview of so many sessions.
  private func preview(_ count: Int, token: String? = "t-1") -> ControlReply {
    .preview(
      ActPreview(
        engine: "run-1", count: count, total: 10_431, sample: (0..<min(count, 10)).map { row($0) },
        token: token))
  }

  private func status(
    _ id: Int = 7, _ state: ActStatus.State = .running, count: Int = 412, delivered: Int = 0
  ) -> ActStatus {
    var status = ActStatus(engine: "run-1", id: id, kind: .close, filter: "tls", count: count)
    status.state = state
    status.delivered = delivered
    status.actor = "uid 1000 pid 1"
    return status
  }

  /// A console whose close dialog is about all that the filter `tls` matches.
  private func closingAll(_ count: Int = 412) -> Model {
    var model = connected()
    model.keys(.character("/"))
    model.type("tls")
    model.keys(.enter)
    _ = update(&model, .snapshot(picture()))
    model.keys(.character("X"))
    let effects = model.keys(.control("t"))
    let selection = ActSelection(engine: "run-1", filter: "tls", dryRun: true)
    #expect(effects == [.request(tag: 1, .close(CloseRequest(selection)))])
    _ = update(&model, .reply(tag: 1, preview(count)))
    return model
  }

  @Test("All that match: how many, a sample, and nothing happens by itself")
  func shows() {
    var model = closingAll()
    #expect(model.text.contains("Close 412 of 10 431 sessions"))
    #expect(model.text.contains("that match tls"))
    #expect(model.text.contains("/ws/chat/lobby-0"))
    #expect(model.text.contains("… and 408 sessions more"))
    #expect(model.text.contains("--filter tls --code 1000"))
    #expect(model.keys(.enter, .enter, .enter, .enter, .enter) == [])
    #expect(model.dialog != nil)
    #expect(model.keys(.enter) == [])
    #expect(model.dialog == nil)
  }

  @Test("Above the threshold the number has to be typed")
  func typedCount() {
    var model = closingAll()
    #expect(model.text.contains("412 to go on"))
    model.keys(.enter, .tab, .tab, .tab)
    model.type("41")
    // The focus goes back to the field that is wrong.
    #expect(model.keys(.tab, .character("y")) == [])
    #expect(model.text.contains("type 412 to go on"))
    model.type("2")
    let effects = model.keys(.tab, .character("y"))
    let selection = ActSelection(engine: "run-1", filter: "tls", token: "t-1", wait: false)
    #expect(effects == [.request(tag: 2, .close(CloseRequest(selection, code: .normalClosure)))])
  }

  @Test("Up to the threshold a yes is enough", arguments: [1, 100])
  func noTypedCount(count: Int) {
    var model = closingAll(count)
    #expect(!model.text.contains("to go on"))
    #expect(model.keys(.enter, .tab, .tab, .tab, .character("y")).count == 1)
  }

  @Test("A rate and a jitter go with the act, and are checked")
  func pace() {
    var model = closingAll(3)
    model.keys(.enter, .tab)
    model.type("50")
    model.keys(.tab)
    model.type("2x%")
    #expect(model.text.contains("a share of the pause"))
    #expect(model.keys(.tab, .character("y")) == [])
    model.keys(.control("u"))
    model.type("20%")
    #expect(model.text.contains("--rate 50/s --jitter 20%"))
    guard case .request(_, .close(let request))? = model.keys(.tab, .character("y")).first else {
      Issue.record("nothing was asked for")
      return
    }
    #expect(request.selection.rate == 50)
    #expect(request.selection.jitter == 0.2)
  }

  @Test("A filter that matches nothing, or is wrong, closes nothing")
  func nothing() {
    var model = closingAll(0)
    #expect(model.text.contains("no open session matches"))
    #expect(model.keys(.enter, .tab, .tab, .tab, .character("y")) == [])
    model.keys(.escape, .character("m"), .control("t"))
    let refusal = ControlError(code: "invalid-filter", message: "column 1: what")
    _ = update(&model, .reply(tag: 2, .refused(status: 400, refusal.error)))
    #expect(model.text.contains("column 1: what"))
  }

  @Test("Before the engine has counted nothing can begin")
  func awaited() {
    var model = connected()
    model.keys(.character("X"), .control("t"))
    #expect(model.text.contains("counting…"))
    #expect(model.text.contains("--filter state=open"))
    #expect(model.keys(.enter, .tab, .tab, .tab, .character("y")) == [])
    // What was said of other subjects comes too late.
    model.keys(.control("t"))
    _ = update(&model, .reply(tag: 1, preview(5)))
    #expect(model.text.contains("Close s-1yg1"))
  }

  @Test("Marked sessions are counted too, and the row alone is not")
  func marked() {
    var model = connected()
    #expect(model.keys(.character("X")) == [])
    model.keys(.escape, .character(" "), .character(" "))
    let effects = model.keys(.character("X"))
    let selection = ActSelection(engine: "run-1", sessions: [id(0), id(1)], dryRun: true)
    #expect(effects == [.request(tag: 1, .close(CloseRequest(selection)))])
    _ = update(&model, .reply(tag: 1, preview(1, token: nil)))
    #expect(model.text.contains("Close 1 of 10 431 sessions"))
  }

  @Test("A code is typed by its name")
  func codeByName() {
    var model = connected()
    model.keys(.character("X"), .control("u"))
    model.type("service-restart")
    #expect(model.text.contains("1012"))
    guard case .request(_, .close(let request))? = model.keys(.enter, .tab, .character("y")).first
    else {
      Issue.record("nothing was asked for")
      return
    }
    #expect(request.code == .serviceRestart)
  }

  @Test("To send to many the harmless button comes first, and JSON is checked")
  func sends() {
    var model = connected()
    model.keys(.character("m"), .control("t"))
    _ = update(&model, .reply(tag: 1, preview(2)))
    #expect(model.text.contains("Send to ALL 2 sessions"))
    model.type("{\"a\":1")
    model.keys(.backTab, .left)
    #expect(model.text.contains("no JSON at column 7"))
    model.keys(.tab)
    model.type("}")
    #expect(model.text.contains("--text"))
    model.keys(.tab, .tab, .tab)
    model.type("2")
    model.keys(.tab)
    guard case .request(_, .send(let request))? = model.keys(.right, .enter).first else {
      Issue.record("nothing was asked for")
      return
    }
    #expect(request.text == "{\"a\":1}")
    #expect(request.selection.token == "t-1")
  }

  @Test("To choose others goes back to the harmless button, and off fields that they lack")
  func othersChosen() {
    var model = connected()
    model.keys(.character("m"))
    model.type("x")
    model.keys(.tab, .control("t"))
    _ = update(&model, .reply(tag: 1, preview(3)))
    #expect(model.keys(.enter) == [])
    #expect(model.dialog == nil)

    model.keys(.character("X"), .enter, .tab, .right, .control("t"))
    _ = update(&model, .reply(tag: 2, preview(3)))
    #expect(model.keys(.enter) == [])
    #expect(model.dialog == nil)

    for key: Key in [.character("X"), .character("m")] {
      model.keys(key, .control("t"))
      let tag = model.pending.nextTag - 1
      _ = update(&model, .reply(tag: tag, preview(3)))
      model.keys(.enter)
      if key == .character("X") { model.keys(.tab) }
      model.type("5")
      model.keys(.control("t"))
      model.type("5")
      #expect(model.dialog?.plan?.rate.text == "5")
      #expect(model.keys(.enter) == [])
      #expect(model.dialog == nil)
    }
  }

  @Test("How far it has come is a line above the footer, and A ends it")
  func progress() {
    var model = closingAll(3)
    model.keys(.enter, .tab, .tab, .tab, .character("y"))
    _ = update(&model, .reply(tag: 2, .progress(status())))
    #expect(model.text.contains("closing 0 of 412"))
    var snapshot = picture()
    snapshot.acts = [status(delivered: 120)]
    _ = update(&model, .snapshot(snapshot))
    #expect(model.text.contains("closing 120 of 412"))
    #expect(
      model.keys(.character("A")) == [
        .request(tag: 3, .abort(7, AbortRequest(engine: "run-1")))
      ])
    #expect(model.notice?.command == "wstop abort 7")
    snapshot.acts = [status(7, .aborted, delivered: 130)]
    _ = update(&model, .snapshot(snapshot))
    #expect(model.notice?.text == "closed 130 of 412, aborted: 282 left alone")
    #expect(model.notice?.tone == .warning)
    #expect(model.notice?.command?.contains("--filter tls") == true)
    #expect(!model.text.contains("closing 1"))
    model.keys(.character("A"))
    #expect(model.notice?.text == "no act goes on")
  }

  /// Closes the first two sessions, which are marked, with a pace, and marks the third; the act has
  /// the number 7.
  private func closingMarked() -> Model {
    var model = connected()
    model.keys(.character(" "), .character(" "), .character("X"))
    _ = update(&model, .reply(tag: 1, preview(2, token: nil)))
    model.keys(.enter, .tab)
    model.type("1")
    #expect(model.keys(.tab, .tab, .character("y")).count == 1)
    _ = update(&model, .reply(tag: 2, .progress(status(7, count: 2))))
    model.keys(.character(" "))
    #expect(model.table.marks == [id(0), id(1), id(2)])
    return model
  }

  @Test("An act that is over takes the marks of its own sessions away, and no others")
  func marks() {
    var model = closingMarked()
    var snapshot = picture()
    var end = status(7, .finished, count: 2, delivered: 2)
    end.filter = nil
    snapshot.acts = [end]
    _ = update(&model, .snapshot(snapshot))
    #expect(model.notice?.text == "closed 2 of 2")
    #expect(model.table.marks == [id(2)])
  }

  @Test("Ending an act takes no marks away, and makes nobody's act the console's own")
  func abortKeepsMarks() {
    var model = closingMarked()
    model.keys(.character("A"))
    var end = status(7, .aborted, count: 2, delivered: 1)
    end.filter = nil
    _ = update(&model, .reply(tag: 3, .progress(end)))
    #expect(model.table.marks == [id(0), id(1), id(2)])
    #expect(model.notice?.text == "closed 1 of 2, aborted: 1 left alone")
    #expect(model.notice?.command?.hasPrefix("wstop close") == true)
    // The picture has no more to say of it.
    model.context.notice = nil
    var snapshot = picture()
    snapshot.acts = [end]
    _ = update(&model, .snapshot(snapshot))
    #expect(model.notice == nil)

    snapshot.acts = [end, status(8)]
    _ = update(&model, .snapshot(snapshot))
    model.keys(.character("A"))
    var other = status(8, .finished, count: 3, delivered: 3)
    other.filter = nil
    _ = update(&model, .reply(tag: 4, .progress(other)))
    #expect(model.table.marks == [id(0), id(1), id(2)])
    #expect(model.notice?.text == "act 8, by uid 1000 pid 1: closed 3 of 3")
  }

  @Test("An act that is over before its answer is read is told of once", arguments: [true, false])
  func fast(pictureFirst: Bool) {
    var model = closingAll(3)
    model.keys(.enter, .tab, .tab, .tab, .character("y"))
    var snapshot = picture()
    snapshot.acts = [status(7, .finished, count: 3, delivered: 3)]
    if pictureFirst {
      _ = update(&model, .snapshot(snapshot))
      _ = update(&model, .reply(tag: 2, .progress(status(7, count: 3))))
    } else {
      _ = update(&model, .reply(tag: 2, .progress(status(7, count: 3))))
      _ = update(&model, .snapshot(snapshot))
    }
    #expect(model.notice?.text == "closed 3 of 3")
    #expect(model.notice?.tone == .done)
    #expect(model.acts.running.isEmpty)
  }

  @Test("Another operator's act is shown as theirs; an engine that starts anew has none")
  func others() {
    var model = connected()
    var snapshot = picture()
    snapshot.acts = [status(3), status(4)]
    _ = update(&model, .snapshot(snapshot))
    #expect(model.text.contains("and 1 act more"))
    snapshot.acts = [status(3, .finished, delivered: 412), status(4)]
    _ = update(&model, .snapshot(snapshot))
    #expect(model.notice?.text == "act 3, by uid 1000 pid 1: closed 412 of 412")
    _ = update(&model, .snapshot(picture(run: "run-2")))
    #expect(model.acts == ShownActs())
  }

  @Test("The dialogs fit small terminals", arguments: [(80, 24), (40, 10), (20, 5), (5, 2)])
  func small(columns: Int, rows: Int) {
    var model = closingAll()
    var snapshot = picture()
    snapshot.acts = [status()]
    _ = update(&model, .snapshot(snapshot))
    _ = update(&model, .resize(columns: columns, rows: rows))
    for _ in 0..<8 {
      #expect(model.lines.count == rows)
      model.keys(.tab)
    }
  }
}
