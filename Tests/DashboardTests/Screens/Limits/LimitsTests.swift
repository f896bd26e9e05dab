import ControlProtocol
import Testing
import Vocabulary

@testable import Dashboard

@Suite("Limits")
struct LimitsTests {
  private func atLimits(showing snapshot: Snapshot = picture()) -> Model {
    var model = connected(showing: snapshot)
    model.keys(.character("4"))
    return model
  }

  @Test("Every limit has a row, and the one under the cursor is explained")
  func rows() {
    var model = atLimits()
    model.keys(.end)
    #expect(model.text.contains("route:/ws/echo"))
    model.keys(.home, .down)
    #expect(model.text.contains("takes 125B to 1GiB; on breach: shapes output"))
    var seen: Set<String> = []
    for _ in LimitKey.allCases {
      for key in LimitKey.allCases
      where model.text.contains("  \(key.rawValue) ") || model.text.contains("▸ \(key.rawValue) ") {
        seen.insert(key.rawValue)
      }
      model.keys(.down)
    }
    #expect(seen.count == LimitKey.allCases.count)
  }

  @Test("A change shows old and new, asks, and is sent")
  func changes() {
    var model = atLimits()
    model.keys(.enter, .control("u"))
    model.type("64KiB")
    #expect(model.text.contains("1MiB → 64KiB"))
    // To the buttons, of which the one that says no has the focus.
    #expect(model.keys(.enter, .enter) == [])
    #expect(model.dialog == nil)
    model.keys(.enter, .control("u"))
    model.type("64KiB")
    let effects = model.keys(.enter, .right, .enter)
    let change = LimitChange(engine: "run-1", scope: .engine, set: ["message-bytes": "64KiB"])
    guard case .request(let tag, .changeLimits(change))? = effects.last else {
      Issue.record("not sent: \(effects)")
      return
    }
    #expect(model.notice?.command == "wstop limits set message-bytes=64KiB")
    var changed = limits()
    changed[0].value = "64KiB"
    _ = update(&model, .reply(tag: tag, .limits(LimitList(engine: "run-1", limits: changed))))
    #expect(model.notice?.text == "message-bytes: 1MiB → 64KiB")
    #expect(model.latest.engineValue(of: .messageBytes) == "64KiB")
  }

  @Test(
    "A value that does not fit is not sent", arguments: ["", "abc", "-1", "0", "2TiB", "1 MiB"])
  func refuses(value: String) {
    var model = atLimits()
    model.keys(.enter, .control("u"))
    model.type(value)
    model.keys(.enter)
    #expect(model.keys(.character("y")) == [])
    #expect(model.keyContext == .limitDialog)
    #expect(model.text.contains("wants 1B to 1TiB"))
  }

  @Test("A limit can be set for a route or a session, where its scopes permit")
  func scopes() {
    var model = atLimits()
    model.keys(.enter, .backTab, .right)
    #expect(model.text.contains("< route:/ws/chat/{room} >"))
    model.keys(.right, .right)
    #expect(model.text.contains("< session:s-1yg1 >"))
    guard
      case .request(_, .changeLimits(let change))? = model.keys(
        .tab, .tab, .tab, .tab, .character("y")
      )
      .last
    else {
      Issue.record("nothing was asked for")
      return
    }
    #expect(change.scope == .session(id(0)))
    #expect(model.notice?.command == "wstop limits set message-bytes=1MiB --session s-1yg1")
    model.keys(.home, .down, .down, .down, .enter)
    guard case .limit(let form)? = model.dialog else {
      Issue.record("no dialog")
      return
    }
    #expect(form.row.key == .sessions && form.scopes == [.engine])
  }

  @Test("A setting is taken away where there is one")
  func unsets() {
    var model = atLimits()
    model.keys(.character("u"))
    #expect(model.dialog == nil && model.notice?.tone == .warning)
    model.keys(.end, .character("u"))
    #expect(
      model.keys(.character("y")) == [
        .request(
          tag: 2,
          .changeLimits(
            LimitChange(engine: "run-1", scope: .route("/ws/echo"), unset: ["message-bytes"])))
      ])
    #expect(model.notice?.command == "wstop limits unset message-bytes --route /ws/echo")
  }

  @Test("The cursor stays on its limit when rows come and go")
  func staysOnRow() {
    var model = atLimits()
    model.keys(.end)
    var more = picture()
    more.limits?.insert(
      LimitRow(
        key: .idleTimeout, value: "5m", defaultValue: "off", source: .operator,
        scope: .route("/ws/echo")), at: LimitKey.allCases.count)
    _ = update(&model, .snapshot(more))
    #expect(model.limits.position.cursor == LimitKey.allCases.count + 1)
  }
}
