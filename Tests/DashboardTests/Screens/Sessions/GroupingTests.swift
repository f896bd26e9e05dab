import ControlProtocol
import TestSupport
import Testing
import Vocabulary

@testable import Dashboard

@Suite("Groups of sessions")
struct GroupingTests {
  /// A picture with groups by a field.
  private func groups(_ names: [String], by field: SessionGrouping?, leftOut: Int = 0) -> Snapshot {
    var snapshot = picture()
    snapshot.sessions = nil
    let rows = names.enumerated().map { index, name in
      var row = GroupRow(name: name)
      row.sessions = 100 - index
      row.messagesIn = 4000
      row.backlogBytes = 2048
      row.rates = GroupRow.Rates()
      return row
    }
    var list = GroupList(
      engine: "run-1", kind: .routes, total: names.count, offset: 0, groups: rows)
    list.by = field
    list.leftOutSessions = leftOut
    snapshot.groups = list
    return snapshot
  }

  private func grouped(columns: Int = 120, leftOut: Int = 0) -> Model {
    var model = connected(columns: columns, rows: 30)
    model.keys(.character("b"), .character("a"))
    _ = update(
      &model,
      .snapshot(groups(["10.0.3.0/24", "2001:db8::/64", ""], by: .address, leftOut: leftOut)))
    return model
  }

  @Test("b shows the choices; one of them asks for groups instead of rows")
  func asking() {
    var model = connected()
    model.table.filter = "!tls"
    model.keys(.character("b"))
    #expect(model.keyContext == .groupPicker)
    #expect(model.text.contains("▸ r  route") && model.text.contains("  a  address block"))
    #expect(!model.text.contains("none: single sessions"))
    let effects = model.keys(.character("a"))
    #expect(model.watch.groups?.by == .address && model.watch.groups?.filter == "!tls")
    #expect(model.watch.sessions == nil)
    #expect(effects == [.watch(model.watch)])
  }

  @Test("A row a group with its sums; what has nothing of the field has words for it")
  func drawing() {
    var model = grouped(leftOut: 1203)
    #expect(model.text.contains("ADDRESS BLOCK") && model.text.contains("BACKLOG"))
    #expect(model.lines.contains { $0.hasPrefix("▸ 10.0.3.0/24") && $0.contains("2.0 KiB") })
    #expect(model.text.contains("(no address)"))
    #expect(model.text.contains("by address block  sort sessions ▼"))
    #expect(model.text.contains("1 203 sessions in more groups"))
    for (columns, rows) in [(20, 5), (40, 10), (80, 24), (200, 50)] {
      _ = update(&model, .resize(columns: columns, rows: rows))
      #expect(model.lines.count == rows)
    }
  }

  @Test("Enter shows the sessions of a group by an added filter, Esc the groups again")
  func opening() {
    var model = grouped()
    model.table.filter = "!tls"
    model.keys(.down, .enter)
    #expect(model.table.filter == "!tls addr=2001:db8::/64")
    #expect(model.watch.groups == nil && model.watch.sessions?.filter == model.table.filter)
    model.keys(.escape)
    #expect(model.table.filter == "!tls" && model.watch.groups?.by == .address)
    model.keys(.enter, .character("b"), .character("t"))
    #expect(model.table.filter == "!tls" && model.watch.groups?.by == .tag)
    model.keys(.character("b"), .character("b"))
    #expect(model.table.filter == "!tls" && model.watch.groups == nil)
  }

  @Test("The order of the table is kept where groups have one like it, and can be changed")
  func sorting() {
    var model = connected()
    model.table.sort = .byteRateOut
    model.table.isDescending = false
    model.keys(.character("b"), .character("u"))
    #expect(model.watch.groups?.sort == .bytesOut && model.watch.groups?.isDescending == false)
    model.keys(.character(">"))
    #expect(model.watch.groups?.sort == .backlog && model.watch.groups?.isDescending == true)
    model.keys(.character("I"))
    #expect(model.watch.groups?.isDescending == false)
    model.keys(.character("b"), .character("b"), .escape)
    #expect(model.table.sort == .byteRateOut)
  }

  @Test("An act is for all sessions of the group; marks are not of groups")
  func acting() throws {
    var model = grouped()
    model.keys(.character("X"))
    let plan = try #require(model.dialog?.plan)
    #expect(
      plan == ActPlan([.filter("addr=10.0.3.0/24")])
        || plan.choices == [.filter("addr=10.0.3.0/24")])
    model.keys(.escape, .character(" "))
    #expect(model.table.marks.isEmpty && model.notice?.tone == .warning)
    #expect(model.commandContext.subjects.isEmpty)
  }

  @Test("An engine that groups no sessions is told of, and rooms elsewhere are no groups")
  func olderEngine() {
    var model = connected()
    model.keys(.character("b"), .character("r"))
    _ = update(&model, .snapshot(groups(["/ws/echo"], by: nil)))
    #expect(model.text.contains("the engine groups no sessions"))
    model.keys(.character("b"), .character("n"))
    #expect(!model.text.contains("groups no sessions"))
  }

  @Test("A name is escaped, and a new run forgets the rows")
  func untrusted() {
    var model = connected(columns: 120)
    model.keys(.character("b"), .character("u"))
    _ = update(&model, .snapshot(groups(["a\u{1B}[2J\u{202E}"], by: .userAgent)))
    #expect(model.text.contains(#"a\u{1b}[2J\u{202e}"#))
    _ = update(&model, .snapshot(picture(run: "run-2")))
    #expect(model.text.contains("loading…"))
  }

  @Test("Groups by a command")
  func command() {
    var model = connected()
    model.keys(.character("3"))
    _ = update(
      &model,
      .command(
        line: "groups --by ua",
        .success(.groups(GroupQuery(by: .userAgent, filter: "tls", sort: .name)))))
    #expect(model.screen == .sessions && model.watch.groups?.by == .userAgent)
    #expect(model.watch.groups?.filter == "tls" && model.watch.groups?.sort == .name)
  }
}
