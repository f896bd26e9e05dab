import ControlProtocol
import Testing
import Vocabulary

@testable import Dashboard

@Suite("The limit dialog: what a change would do, whom it closes, when it reverts")
struct LimitDialogTests {
  /// The dialog for `message-bytes`, or for the limit so many rows below.
  private func dialog(rowsBelow count: Int = 0) -> (model: Model, effects: [Effect]) {
    var model = connected()
    model.keys(.character("4"))
    for _ in 0..<count { model.keys(.down) }
    let effects = model.keys(.enter)
    return (model, effects)
  }

  private func question(_ effects: [Effect]) -> (tag: Int, change: LimitChange)? {
    guard case .request(let tag, .changeLimits(let change))? = effects.last,
      change.dryRun ?? false
    else { return nil }
    return (tag, change)
  }

  private func forecast(_ new: String, _ change: (inout LimitForecast) -> Void) -> LimitForecast {
    var forecast = LimitForecast(key: .messageBytes, old: "1MiB", new: new)
    forecast.recordedSeconds = 3600
    change(&forecast)
    return forecast
  }

  private func answer(
    _ model: inout Model, _ tag: Int, _ forecast: LimitForecast
  ) -> [Effect] {
    update(
      &model,
      .reply(
        tag: tag,
        .limitPreview(LimitPreview(engine: "run-1", scope: .engine, forecasts: [forecast]))))
  }

  @Test("The engine is asked about what is typed, one question at a time, and the last one counts")
  func asks() throws {
    var (model, effects) = dialog()
    let first = try #require(question(effects))
    #expect(first.change.set == ["message-bytes": "1MiB"])
    #expect(first.change.engine == "run-1")
    #expect(model.text.contains("asking what it would reject"))
    // No further question while the first one waits.
    #expect(question(model.keys(.control("u"))) == nil)
    #expect(question(model.type("64KiB")) == nil)
    let second = try #require(
      question(answer(&model, first.tag, forecast("1MiB") { $0.sessionsOver = 77 })))
    #expect(second.change.set == ["message-bytes": "64KiB"])
    // The answer to an old question is not shown for a new value.
    #expect(!model.text.contains("77"))
    let done = answer(
      &model, second.tag,
      forecast("64KiB") {
        $0.messagesIn = MessageForecast(
          atLeast: 12, atMost: 15, total: 3400, bucket: 61_440...65_535)
        $0.messagesOut = MessageForecast(atLeast: 0, atMost: 0, total: 9)
        $0.sessionsOver = 3
        $0.narrowerRoutes = 1
      })
    #expect(done == [])
    #expect(
      model.text.contains(
        "last 1h00m: would have rejected 12 to 15 of 3 400 in, 0 of 9 out"))
    #expect(model.text.contains("between: sizes of 61 440 to 65 535 B are counted together"))
    #expect(model.text.contains("3 sessions have had a larger message"))
    #expect(model.text.contains("1 route has a setting of its own"))
  }

  @Test("What cannot be set is not asked about, and a refusal is told")
  func invalid() throws {
    var (model, effects) = dialog()
    let tag = try #require(question(effects)).tag
    model.keys(.control("u"))
    model.type("huge")
    #expect(answer(&model, tag, forecast("1MiB") { _ in }) == [])
    model.keys(.control("u"))
    let next = try #require(question(model.type("6")))
    _ = update(
      &model,
      .reply(
        tag: next.tag,
        .refused(status: 404, ControlError(code: "no-such-route", message: "no\u{1B}").error)))
    #expect(model.notice?.text == #"refused: no\u{1b}"#)
    #expect(question(model.type("4")) != nil)
  }

  @Test("An answer for a dialog that is gone is late, and a new one asks anew")
  func late() throws {
    var (model, effects) = dialog()
    let tag = try #require(question(effects)).tag
    model.keys(.escape)
    #expect(answer(&model, tag, forecast("1MiB") { $0.sessionsOver = 5 }) == [])
    #expect(model.pending.acts.isEmpty)
    #expect(question(model.keys(.enter)) != nil)
  }

  @Test("Enter leads from a value that holds to the question at once, from no other")
  func enters() throws {
    func focus(_ model: Model) throws -> LimitForm.Field {
      guard case .limit(let form)? = model.dialog else { throw NoDialog() }
      return form.focus
    }
    var (model, _) = dialog()
    model.keys(.control("u"))
    model.type("no")
    model.keys(.enter)
    #expect(try focus(model) == .value)
    model.keys(.control("u"))
    model.type("64KiB")
    model.keys(.enter)
    #expect(try focus(model) == .buttons)
    model.keys(.backTab)
    #expect(try focus(model) == .revertAfter)
    model.type("9")
    model.keys(.enter)
    #expect(try focus(model) == .revertAfter)
    model.type("m")
    model.keys(.enter)
    #expect(try focus(model) == .buttons)
    #expect(model.keys(.character("y")).count == 1)
  }

  private struct NoDialog: Error {}

  @Test("After a broken connection the question is asked again")
  func reconnects() throws {
    var (model, effects) = dialog()
    #expect(question(effects) != nil)
    _ = update(&model, .connectionLost(reason: "gone"))
    #expect(model.notice == nil)
    let again = update(&model, .connected)
    #expect(question(again) != nil)
  }

  @Test("Fate and revert are part of the change and of the command")
  func fate() throws {
    var (model, _) = dialog(rowsBelow: 3)
    model.keys(.control("u"))
    model.type("50")
    model.keys(.tab, .right, .right, .tab)
    model.type("10m")
    #expect(model.text.contains("< close, the idlest first >") == false)
    #expect(model.text.contains("close, the idlest first"))
    model.keys(.tab)
    let effects = model.keys(.character("y"))
    guard case .request(let tag, .changeLimits(let change))? = effects.last else {
      Issue.record("not sent: \(effects)")
      return
    }
    #expect(
      change
        == LimitChange(
          engine: "run-1", scope: .engine, set: ["sessions": "50"], over: .close, order: .idlest,
          revertAfter: "10m"))
    #expect(
      model.notice?.command
        == "wstop limits set sessions=50 --over close --order idlest --revert-after 10m")
    var outcome = LimitOutcome()
    outcome.closed = 7
    _ = update(
      &model,
      .reply(
        tag: tag,
        .limits(LimitList(engine: "run-1", limits: limits(), outcome: outcome))))
    #expect(
      model.notice?.text
        == "sessions: 100000 → 50, reverts in 10m unless kept (K), closed 7 sessions")
  }

  @Test("Where it is not known who is over a limit, nobody can be closed for it")
  func noFate() {
    var (model, _) = dialog(rowsBelow: 1)
    #expect(!model.text.contains("keep until they breach it again"))
    model.keys(.tab)
    guard case .limit(let form)? = model.dialog else {
      Issue.record("no dialog")
      return
    }
    #expect(form.focus == .revertAfter)
  }

  @Test("A time that is none is not sent", arguments: ["10", "x", "0s", "8d"])
  func badTime(text: String) {
    var (model, _) = dialog()
    model.keys(.tab, .tab)
    model.type(text)
    model.keys(.tab)
    #expect(model.keys(.character("y")) == [])
    #expect(model.keyContext == .limitDialog)
    #expect(model.text.contains("wants 1s to 7d"))
  }

  @Test("A limit that reverts shows its countdown, and K keeps it")
  func keeps() {
    var shown = picture()
    shown.limits?[0].value = "64KiB"
    shown.limits?[0].source = .operator
    shown.limits?[0].revert = LimitRevert(at: now + 581, value: "1MiB")
    var model = connected(showing: shown)
    model.keys(.character("4"))
    #expect(model.text.contains("back 9m41s"))
    #expect(model.text.contains("goes back to 1MiB in 9m41s unless it is kept: K"))
    #expect(model.lines.last?.contains("K keep") == true)
    #expect(
      model.keys(.character("K")) == [
        .request(
          tag: 1,
          .keepLimits(LimitKeep(engine: "run-1", scope: .engine, keys: ["message-bytes"])))
      ])
    #expect(model.notice?.command == "wstop limits keep message-bytes")
    _ = update(&model, .reply(tag: 1, .limits(LimitList(engine: "run-1", limits: limits()))))
    #expect(model.notice?.text == "message-bytes is kept")
    model.keys(.down)
    #expect(model.keys(.character("K")) == [])
    #expect(model.notice?.tone == .warning)
    var edited = connected(showing: shown)
    edited.keys(.character("4"), .enter)
    #expect(edited.text.contains("for good: it goes back to 1MiB no more"))
    edited.keys(.tab, .tab)
    edited.type("5m")
    #expect(!edited.text.contains("for good"))
    var wide = connected(columns: 160, rows: 40, showing: shown)
    wide.keys(.character("4"))
    #expect(wide.text.contains("1MiB in 9m41s"))
  }

  @Test("Only what somebody has set is shown, and the cursor stays on its limit")
  func setOnly() {
    var model = connected()
    model.keys(.character("4"), .end, .character("a"))
    #expect(model.limits.rows(in: model.context).map(\.scope) == [.route("/ws/echo")])
    #expect(model.limits.current(in: model.context)?.scope == .route("/ws/echo"))
    #expect(!model.text.contains("fragment-bytes"))
    model.keys(.character("a"))
    #expect(model.limits.current(in: model.context)?.scope == .route("/ws/echo"))
    var plain = picture()
    plain.limits?.removeLast()
    var none = connected(showing: plain)
    none.keys(.character("4"), .character("a"))
    #expect(none.text.contains("every limit is at its default"))
    #expect(none.keys(.enter) == [])
  }

  @Test("It fits any terminal", arguments: [(80, 24), (20, 5), (40, 10), (10, 3), (200, 50)])
  func sizes(columns: Int, rows: Int) {
    var model = connected(columns: columns, rows: rows)
    model.keys(.character("4"), .enter)
    for _ in 0..<6 {
      #expect(model.lines.count == rows)
      model.keys(.tab)
    }
  }
}
