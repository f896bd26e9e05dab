import ControlProtocol
import TestSupport
import Testing

@testable import Dashboard

@Suite("Columns of the session table, fitted to the rows in sight")
struct FittedColumnsTests {
  private func causes(_ model: Model) -> FittedColumns.Causes {
    FittedColumns.Causes(model.table, in: model.context)
  }

  @Test("A key that moves the cursor alone, a tick and the same rows again fit nothing anew")
  func kept() {
    var model = connected(columns: 100, rows: 30)
    let first = causes(model)
    model.keys(.character("j"), .character("j"), .character("k"), .down)
    #expect(causes(model) == first)
    _ = update(&model, .tick(now: now + 1))
    #expect(causes(model) == first)
    _ = update(&model, .snapshot(picture()))
    #expect(causes(model) == first)
  }

  @Test("Other rows, columns, orders and sizes are fitted anew")
  func refitted() throws {
    let model = connected(columns: 100, rows: 30)
    let first = causes(model)
    func changed(_ change: (inout Model) -> Void) -> Bool {
      var model = model
      change(&model)
      return causes(model) != first
    }
    #expect(changed { $0.keys(.end) })
    #expect(changed { $0.keys(.character(">")) })
    #expect(changed { $0.keys(.character("r")) })
    #expect(changed { _ = update(&$0, .resize(columns: 101, rows: 30)) })
    #expect(changed { _ = update(&$0, .resize(columns: 100, rows: 31)) })
    var other = picture()
    try #require(other.sessions?.sessions.count == 50)
    other.sessions?.sessions[3].path = "/ws/chat/another"
    #expect(changed { _ = update(&$0, .snapshot(other)) })
    #expect(changed { _ = update(&$0, .snapshot(picture(total: 3))) })
  }

  @Test("What is drawn is what fitting anew would draw")
  func same() {
    var model = connected(columns: 100, rows: 30)
    let keys: [Key] = [
      .character("j"), .pageDown, .character(">"), .character("r"), .character("r"), .end,
      .character("?"), .escape, .character("b"), .escape, .home, .character("a"),
    ]
    for key in keys {
      model.keys(key)
      var anew = model
      anew.screens[SessionsScreen.self].fitted = nil
      #expect(model.lines == anew.lines, "\(key)")
    }
  }

  @Test("Of a row at the bottom alone whose path is cut, the whole path is told all the same")
  func bottom() throws {
    let rows = 24
    var model = connected(columns: 80, rows: rows, showing: picture(total: 100))
    let last = Layout(model.context).bodyRows - 1
    let path = "/ws/chat/a-room-whose-name-is-longer-than-any-column-of-this-terminal"
    var snapshot = picture(total: 100)
    try #require(snapshot.sessions?.sessions.indices.contains(last) == true)
    snapshot.sessions?.sessions[last].path = path
    _ = update(&model, .snapshot(snapshot))
    for _ in 0..<last { model.keys(.character("j")) }
    #expect(model.table.cursor == id(last))
    #expect(model.lines.contains { $0.contains("path \(path)") })
    #expect(model.lines.contains { $0.contains("▸") && $0.contains("a-room") })
    // The line stays while it is needed, and no row flickers.
    let before = model.lines
    _ = update(&model, .snapshot(snapshot))
    #expect(model.lines == before)
  }
}
