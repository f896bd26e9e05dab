import ControlProtocol
import Testing
import Vocabulary

@testable import Dashboard

@Suite("Commands in the console")
struct CommandTests {
  private func preview(_ count: Int) -> ControlReply {
    .preview(
      ActPreview(engine: "run-1", count: count, total: 500, sample: [row(0)], token: "t-1"))
  }

  /// Types a line and gives the console what it means.
  private func run(
    _ model: inout Model, _ line: String, _ result: Result<ConsoleCommand, CommandFault>
  ) -> [Effect] {
    model.keys(.character(":"))
    model.type(line)
    model.keys(.enter)
    return update(&model, .command(line: line, result))
  }

  @Test("A line is interpreted with what it may leave out, and kept")
  func interprets() {
    var model = connected()
    model.keys(.character(" "), .character(":"))
    model.type("close")
    let context = CommandContext(subjects: [id(0)], filter: "state=open", run: "run-1")
    #expect(model.keys(.enter) == [.remember("close"), .interpret("close", context)])
    #expect(model.dialog == nil)
    #expect(model.keys(.character(":"), .enter) == [])
    model.keys(.character(":"), .up)
    #expect(model.text.contains(":close"))
    // The same once more is done again, but kept once.
    #expect(model.keys(.enter) == [.interpret("close", context)])
  }

  @Test("A command without names is for what is on the screen, or marked, and for nobody else")
  func subjects() {
    var model = connected()
    #expect(model.commandContext.subjects == [id(0)])
    for screen in Screen.allCases where screen != .sessions {
      model.keys(.character(screen.digit))
      #expect(model.commandContext.subjects == [], "\(screen)")
    }
    model.keys(.character("1"), .character("t"))
    #expect(model.commandContext.subjects == [id(0)])
    model.keys(.escape, .down, .enter)
    #expect(model.commandContext.subjects == [id(1)])
    model.keys(.character("?"))
    #expect(model.commandContext.subjects == [])
    model.context.latest.statistics?.sessions.open = 0
    model.keys(.escape, .escape, .character("T"))
    #expect(model.commandContext.subjects == [])
    model.keys(.escape, .character(" "), .character("3"))
    #expect(model.commandContext.subjects == [id(1)])
  }

  @Test("Esc leaves the words that Tab found first, then the line; Backspace leaves an empty one")
  func leaves() {
    var model = connected()
    model.setup.commands = CommandCompletionTests.catalogue
    model.keys(.character(":"), .tab)
    #expect(model.text.contains("close  limits  abort"))
    model.keys(.tab, .tab)
    #expect(model.text.contains(":limits"))
    model.keys(.escape)
    #expect(model.keyContext == .commandLine)
    model.keys(.escape)
    #expect(model.dialog == nil)
    model.keys(.character(":"), .backspace)
    #expect(model.dialog == nil)
  }

  @Test("What means nothing is said, and nothing happens")
  func faults() {
    var model = connected()
    let fault = CommandFault("no such command: frob")
    #expect(run(&model, "frob", .failure(fault)) == [])
    #expect(model.text.contains("failed: no such command: frob"))
  }

  @Test("Screens, filter and order")
  func arranges() {
    var model = connected()
    _ = run(&model, "limits", .success(.show(.limits)))
    #expect(model.screen == .limits)
    _ = run(
      &model, "sort -in.bytes",
      .success(.sessions(sort: .bytesIn, isDescending: true)))
    #expect(model.screen == .sessions)
    #expect(model.table.sort == .bytesIn && model.table.isDescending)
    _ = run(&model, "filter tls", .success(.sessions(filter: "tls")))
    #expect(model.table.filter == "tls" && model.table.sort == .bytesIn)
    _ = run(&model, "show s-4k2", .success(.details(id(3))))
    #expect(model.keyContext == .details)
    #expect(run(&model, "q", .success(.quit)) == [.quit])
    _ = run(&model, "close --help", .success(.text(title: "wstop close", lines: ["USAGE: x"])))
    #expect(model.text.contains("USAGE: x"))
    model.keys(.escape)
    #expect(model.keyContext == .details)
  }

  @Test("A command says whether live or closed sessions are shown")
  func selections() {
    var model = connected()
    _ = run(&model, "sessions --closed", .success(.sessions(filter: "", show: .closed)))
    #expect(model.table.show == .closed && model.table.sort == .closed)
    _ = run(&model, "filter tls", .success(.sessions(filter: "tls")))
    #expect(model.table.show == .closed && model.table.filter == "tls")
    _ = run(&model, "sort path", .success(.sessions(sort: .path)))
    #expect(model.table.show == .closed && model.table.sort == .path)
    model.keys(.character("5"))
    _ = run(&model, "filter room=a", .success(.sessions(filter: "room=a")))
    #expect(model.table.show == .live && model.table.filter == "room=a")
    _ = run(&model, "sessions --all", .success(.sessions(filter: "", show: .all)))
    #expect(model.table.show == .all)
  }

  @Test("A request shows the command that a shell would take")
  func requests() {
    var model = connected()
    model.setup.attachWords = ["--name", "prod-1"]
    let change = ControlRequest.changeLimits(LimitChange(set: ["message-bytes": "64KiB"]))
    let effects = run(
      &model, "limits set message-bytes=64KiB",
      .success(.request(change, .other, saying: "changing limits")))
    #expect(effects == [.request(tag: 1, change)])
    let command = "wstop limits set message-bytes=64KiB --name prod-1"
    #expect(model.notice?.command == command)
    _ = update(&model, .reply(tag: 1, .limits(LimitList(engine: "run-1", limits: limits()))))
    #expect(model.notice?.text == "the limits are changed")
    #expect(model.notice?.command == command)
  }

  @Test("The state of an upstream that was drained is told, and so is that there is none")
  func upstreams() {
    var model = connected()
    let drain = ControlRequest.drainUpstream(UpstreamSelection(name: "ws://a"))
    _ = run(
      &model, "upstreams drain ws://a", .success(.request(drain, .other, saying: "draining it")))
    let row = UpstreamRow(route: "/app", name: "ws://a\u{1B}[2J", state: .draining)
    _ = update(
      &model, .reply(tag: 1, .upstreams(UpstreamList(engine: "run-1", upstreams: [row]))))
    #expect(model.notice?.text == "ws://a\\u{1b}[2J of /app is draining")
    #expect(model.notice?.command == "wstop upstreams drain ws://a")
    _ = run(
      &model, "upstreams drain ws://a", .success(.request(drain, .other, saying: "draining it")))
    let error = ControlError(code: "no-such-upstream", message: "no such upstream as ws://a")
    _ = update(&model, .reply(tag: 2, .refused(status: 404, error.error)))
    #expect(model.notice?.text == "refused (404): no such upstream as ws://a")
  }

  @Test("What a change would do is shown, and the tables of a screen are chosen")
  func shown() {
    var model = connected()
    let change = ControlRequest.changeLimits(
      LimitChange(set: ["message-bytes": "64KiB"], dryRun: true))
    _ = run(
      &model, "limits set message-bytes=64KiB --dry-run",
      .success(.request(change, .other, saying: "changing limits")))
    let forecast = LimitForecast(key: .messageBytes, old: "1MiB", new: "64KiB")
    _ = update(
      &model,
      .reply(
        tag: 1,
        .limitPreview(LimitPreview(engine: "run-1", scope: .engine, forecasts: [forecast]))))
    #expect(model.text.contains("message-bytes: 1MiB → 64KiB"))
    #expect(model.text.contains("what it would have rejected is not known"))
    model.keys(.escape)
    _ = run(&model, "closes --interval 10m", .success(.closes(seconds: 600)))
    #expect(model.screen == .closes && model.closes.seconds == 600)
    let query = TrafficQuery(window: .hour, route: "/ws/a")
    _ = run(&model, "traffic --window 1h", .success(.traffic(query)))
    #expect(model.screen == .traffic && model.traffic.query == query)
    let effects = run(
      &model, "history --kind session", .success(.history(filter: "code=1009", .sessions)))
    #expect(model.screen == .history && model.history.kinds == .sessions)
    #expect(model.history.filter == "code=1009")
    #expect(effects.isEmpty == false)
  }

  @Test(
    "An act by filter opens its dialog; a yes in the command counts once the engine has counted")
  func confirmed() {
    var model = connected()
    let form = CloseForm(ActPlan([.filter("tls")]))
    let asked = run(&model, "close --filter tls", .success(.close(form, isConfirmed: false)))
    #expect(asked.count == 1)
    #expect(update(&model, .reply(tag: 1, preview(412))) == [])
    #expect(model.text.contains("Close 412 of 500 sessions"))
    model.keys(.escape)
    _ = run(&model, "close --filter tls --yes", .success(.close(form, isConfirmed: true)))
    let effects = update(&model, .reply(tag: 2, preview(412)))
    let selection = ActSelection(engine: "run-1", filter: "tls", token: "t-1", wait: false)
    #expect(effects == [.request(tag: 3, .close(CloseRequest(selection, code: .normalClosure)))])
    #expect(model.dialog == nil)
  }

  @Test("A yes does not help against what is wrong")
  func confirmedButWrong() {
    var model = connected()
    let form = CloseForm(ActPlan([.filter("tls")]))
    _ = run(&model, "close --filter tls --yes", .success(.close(form, isConfirmed: true)))
    #expect(update(&model, .reply(tag: 1, preview(0))) == [])
    #expect(model.text.contains("no open session matches"))
    // From here on it is an ordinary dialog.
    #expect(update(&model, .reply(tag: 1, preview(5))) == [])
    #expect(model.keyContext == .closeDialog)
  }

  @Test("What an act would hit is shown as text, and nothing is done")
  func dryRun() {
    var model = connected()
    let selection = ActSelection(engine: "run-1", filter: "tls", dryRun: true)
    let wanted = ControlRequest.close(CloseRequest(selection))
    let effects = run(
      &model, "close --filter tls --dry-run --yes",
      .success(.request(wanted, .close, saying: "counting")))
    #expect(effects == [.request(tag: 1, wanted)])
    let answered = update(&model, .reply(tag: 1, preview(412)))
    #expect(!answered.contains { if case .request = $0 { true } else { false } })
    #expect(model.text.contains("What it would close"))
    #expect(model.text.contains("412 of 500 open sessions"))
    #expect(model.text.contains("\(id(0))  10.0.3.0"))
    #expect(model.text.contains("… and 411 more"))
    #expect(model.dialog == nil && model.keys(.enter) == [])
    model.keys(.escape)
    #expect(model.keyContext == .screen(.sessions))
  }

  @Test("A question comes before the engine is stopped, with No first")
  func asks() {
    var model = connected()
    let form = ConfirmForm(
      question: "Stop the engine?", explanation: "every session is closed", request: .stop,
      words: ["stop"])
    #expect(run(&model, "stop", .success(.ask(form))) == [])
    #expect(model.text.contains("$ wstop stop"))
    #expect(model.keys(.enter) == [])
    #expect(model.dialog == nil)
    _ = run(&model, "stop", .success(.ask(form)))
    #expect(model.keys(.character("y")) == [.request(tag: 1, .stop)])
  }

  @Test("The words that Tab found fit any width", arguments: [1, 5, 20, 40, 80, 200])
  func candidates(columns: Int) {
    var model = connected(columns: columns)
    model.setup.commands = CommandCompletionTests.catalogue
    model.keys(.character(":"))
    for _ in 0..<12 {
      model.keys(.tab)
      #expect(model.lines.count == model.rows)
    }
  }
}
