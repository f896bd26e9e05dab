import ControlProtocol
import Testing
import Vocabulary

@testable import Dashboard

@Suite("Notices, positions and the way back")
struct NoticeTests {
  @Test("A notice ends with the next key, and stays while only time passes")
  func ends() {
    var model = connected()
    model.keys(.character("I"), .character("\\"))
    #expect(model.notice != nil)
    _ = update(&model, .tick(now: now + 5))
    #expect(model.notice != nil)
    model.keys(.down)
    #expect(model.notice == nil)
  }

  @Test("A command that is refused stays in its line, with the cursor behind the word")
  func refusedCommand() {
    var model = connected()
    model.keys(.character(":"))
    model.type("limits sett x=1")
    let effects = model.keys(.enter)
    guard case .interpret(let line, _)? = effects.last else {
      Issue.record("nothing was interpreted")
      return
    }
    _ = update(
      &model, .command(line: line, .failure(CommandFault("Unexpected argument 'sett'"))))
    guard case .command(let entry)? = model.dialog else {
      Issue.record("the line has closed")
      return
    }
    #expect(entry.editor.text == "limits sett x=1" && entry.editor.cursor == 11)
    #expect(model.lines.last?.contains("Unexpected argument 'sett'") == true)
    model.keys(.backspace)
    #expect(model.lines.last?.contains("Unexpected") == false)
  }

  @Test(
    "A list says which part is shown, and how many match",
    arguments: [
      (ListExtent(top: 0, visible: 16, count: 40), "1–16 of 40"),
      (ListExtent(top: 32, visible: 16, count: 40), "33–40 of 40"),
      (ListExtent(top: 0, visible: 16, count: 12, total: 39), "12 of 39 match"),
      (ListExtent(top: 0, visible: 16, count: 0, total: 39), "0 of 39 match"),
      (ListExtent(top: 16, visible: 16, count: 212, total: 19_000), "17–32 of 212 of 19 000"),
      (ListExtent(top: 0, visible: 16, count: 200, hasMore: true), "1–16 of 200+"),
      (ListExtent(top: 0, visible: 16, count: 0), ""),
    ])
  func extent(_ extent: ListExtent, _ text: String) {
    #expect(extent.text == text)
  }

  @Test("Marks that are not in view are named")
  func marks() {
    var model = connected()
    model.keys(.character(" "), .character(" "), .end)
    #expect(model.text.contains("2 marked, 2 not in view"))
  }

  @Test("Sessions behind a count lead back to the screen and the table that they came from")
  func back() {
    for key: Key in [.escape, .character("q")] {
      var model = connected()
      model.table.filter = "tls"
      model.keys(.character("3"), .enter)
      #expect(model.screen == .sessions && model.table.filter == "code=1000")
      #expect(model.notice?.text == "Esc goes back to Closes")
      #expect(model.keys(key).contains(.quit) == false)
      #expect(model.screen == .closes && model.table.filter == "tls" && model.table.show == .live)
    }
    // Another filter is the person's own.
    var model = connected()
    model.keys(.character("3"), .enter, .character("/"), .control("u"))
    model.type("tls")
    model.keys(.enter, .escape)
    #expect(model.screen == .sessions && model.table.filter == "")
  }

  @Test("Elsewhere the header names engine, token and role, and acts are not offered to viewers")
  func remote() {
    var snapshot = picture()
    snapshot.role = .view
    snapshot.holder = "alice\u{1b}"
    var model = unconnected(columns: 140, rows: 40)
    model.setup.target = "wss://host:9602"
    _ = update(&model, .connected)
    _ = update(&model, .snapshot(snapshot))
    #expect(model.text.contains("wss://host:9602 as alice\\u{1b} (view)"))
    #expect(model.lines.last?.contains("close") == false)
    #expect(model.lines.last?.contains("/ filter") == true)
    model.keys(.character("4"))
    #expect(model.lines.last?.contains("change") == false)
  }

  @Test("The limit that holds is shown with its cause")
  func bound() throws {
    var snapshot = picture()
    snapshot.statistics.sessions.limit = 19_936
    snapshot.statistics.sessions.limitedBy = LimitBound.descriptors
    let index = try #require(snapshot.limits?.firstIndex { $0.key == .sessions })
    snapshot.limits?[index].bound = LimitBound(value: "19936", by: LimitBound.descriptors)
    var model = connected(showing: snapshot)
    #expect(model.text.contains("sessions 10 431 (max 19 936, by descriptors)"))
    model.keys(.character("4"), .down, .down, .down)
    #expect(model.lines.contains { $0.contains("▸ sessions              19936 ") })
    #expect(model.text.contains("set to 100000, but descriptors allow no more than 19936"))
  }

  @Test("The cursor goes to the limit that was set")
  func setLimit() throws {
    var model = connected()
    model.keys(.character("4"), .enter)
    model.type("64KiB")
    model.keys(.backTab, .right, .tab, .enter)
    let effects = model.keys(.character("y"))
    guard case .request(let tag, .changeLimits(let change))? = effects.last else {
      Issue.record("nothing was asked for: \(effects)")
      return
    }
    let scope = try #require(change.scope)
    var rows = limits()
    rows.insert(
      LimitRow(
        key: .messageBytes, value: "64KiB", defaultValue: "1MiB", source: .operator, scope: scope),
      at: 1)
    _ = update(&model, .reply(tag: tag, .limits(LimitList(engine: "run-1", limits: rows))))
    #expect(model.lines.contains { $0.hasPrefix("▸ message-bytes") && $0.contains(scope.text) })
  }
}
