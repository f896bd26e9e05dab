import ControlProtocol
import Testing

@testable import Dashboard

@Suite("The selection follows its row")
struct SelectionTests {
  /// A picture of 1000 sessions in which one of them stands elsewhere.
  private func moved(_ number: Int, to place: Int) -> Snapshot {
    var snapshot = picture(total: 1000, count: 50)
    snapshot.sessions?.sessions.remove(at: number)
    snapshot.sessions?.sessions.insert(row(number), at: place)
    return snapshot
  }

  @Test("A row that moves out of the visible part takes the selection along, and the view stays")
  func leavesView() {
    var model = connected(showing: picture(total: 1000))
    model.keys(.down, .down)
    _ = update(&model, .snapshot(moved(2, to: 40)))
    #expect(model.table.cursor == id(2))
    #expect(model.table.position == ListPosition(cursor: 40, top: 0))
    #expect(!model.lines.contains { $0.hasPrefix("▸") })
    #expect(model.lines.last?.contains("\(id(2)) is ▼") == true)
    // What is done is done to it.
    model.keys(.character("X"))
    #expect(model.text.contains("Close \(id(2))"))
    model.keys(.escape)
    // It comes back, and so does the mark.
    _ = update(&model, .snapshot(moved(2, to: 5)))
    #expect(model.lines.contains { $0.hasPrefix("▸   \(id(2))") })
    #expect(model.lines.last?.contains(" is ▼") == false)
  }

  @Test("A row that leaves the window is asked for, and its place is told")
  func leavesWindow() {
    var model = connected(showing: picture(total: 1000))
    model.keys(.down)
    var without = picture(total: 1000)
    without.sessions?.sessions.remove(at: 1)
    let effects = update(&model, .snapshot(without))
    guard case .watch(let watch)? = effects.last else {
      Issue.record("no watch in \(effects)")
      return
    }
    #expect(watch.locate == id(1) && watch.follow == nil)
    without.sessions?.place = 700
    for _ in 0..<5 { _ = update(&model, .snapshot(without)) }
    #expect(model.table.cursor == id(1) && model.table.position.cursor == 700)
    #expect(model.table.position.top == 0)
    // Moving starts at the edge of what is shown.
    model.keys(.up)
    #expect(model.table.position.cursor == 14)
    #expect(model.watch.locate == nil)
  }

  @Test("With F the view moves along")
  func follows() {
    var model = connected(showing: picture(total: 1000))
    model.keys(.down, .down, .character("F"))
    _ = update(&model, .snapshot(moved(2, to: 40)))
    #expect(model.table.position.cursor == 40 && model.table.position.top > 20)
    #expect(model.lines.contains { $0.hasPrefix("▸   \(id(2))") })
  }

  @Test("A smaller terminal, and a notice, keep a visible row visible")
  func stays() {
    var model = connected(showing: picture(total: 1000))
    model.keys(.pageDown, .up)
    #expect(model.table.position.cursor == 15)
    _ = update(&model, .resize(columns: 80, rows: 12))
    #expect(model.lines.contains { $0.hasPrefix("▸   \(id(15))") })
    model.keys(.character("+"))
    #expect(model.lines.contains { $0.hasPrefix("▸   \(id(15))") })
  }
}
