import ControlProtocol
import TestSupport
import Testing

@testable import Dashboard

@Suite("Filter")
struct FilterTests {
  @Test("What is typed is tried at once; Enter keeps it")
  func typing() {
    var model = connected()
    model.keys(.character("/"))
    let effects = model.type("tls")
    // Of what is typed only a filter is tried: t and tl are none.
    #expect(effects.count == 1)
    guard case .watch(let watch)? = effects.last else {
      Issue.record("no watch")
      return
    }
    #expect(watch.sessions?.filter == "tls")
    #expect(model.table.filter == "")
    model.keys(.enter)
    #expect(model.table.filter == "tls" && model.dialog == nil)
    #expect(model.text.contains("filter tls"))
  }

  @Test("Letters are text in the filter line, not commands")
  func letters() {
    var model = connected()
    model.keys(.function(4))
    #expect(!model.type("qX: mZ1").contains(.quit))
    #expect(model.dialog?.typedFilter == "qX: mZ1")
    #expect(model.screen == .sessions)
  }

  @Test("Esc gives a draft up, then clears the filter, then does nothing; it never quits")
  func escape() {
    var model = connected()
    model.keys(.character("/"))
    model.type("tls")
    model.keys(.enter, .character("/"))
    model.type("x")
    model.keys(.escape)
    #expect(model.table.filter == "tls")
    model.keys(.escape)
    #expect(model.table.filter == "")
    #expect(model.keys(.escape, .escape) == [])
  }

  @Test("The arrow stands under the column that is wrong")
  func error() throws {
    var model = connected()
    model.keys(.character("/"))
    model.type("idle>5m x")
    let lines = model.lines
    let prompt = try #require(lines.firstIndex { $0.contains("filter: idle>5m x") })
    let typed = try lines.at(prompt)
    let pointer = try lines.at(prompt + 1)
    let wrong = try #require(typed.firstIndex(of: "x"))
    let arrow = try #require(pointer.firstIndex(of: "^"))
    #expect(
      pointer.distance(from: pointer.startIndex, to: arrow)
        == typed.distance(from: typed.startIndex, to: wrong))
    // It is not used, and the table stays as it was.
    #expect(model.keys(.enter).isEmpty)
    #expect(model.table.filter == "" && model.text.contains("s-1yg1"))
    #expect(model.text.contains("column 9: \"x\" is no flag"))
    guard case .filter(let line)? = model.dialog else {
      Issue.record("the line has closed")
      return
    }
    #expect(line.editor.cursor == 8)
    model.keys(.delete)
    model.type("tls")
    model.keys(.enter)
    #expect(model.dialog == nil && model.table.filter == "idle>5m tls")
  }

  @Test("A filter that matches nothing says so, and how to be rid of it")
  func noMatch() {
    var model = connected()
    model.keys(.character("/"))
    model.type("tls")
    model.keys(.enter)
    _ = update(&model, .snapshot(picture(total: 0)))
    #expect(model.text.contains("no session matches tls"))
    #expect(model.text.contains("Esc clears the filter, / changes it; a shows those that"))
  }

  @Test("Rooms, tags and paths that the console has seen are completed, in quotes that stay")
  func known() {
    var snapshot = picture(total: 2, count: 2)
    snapshot.sessions?.sessions[0].rooms = ["lobby", "my room"]
    snapshot.sessions?.sessions[1].tags = ["user:olga"]
    var model = connected(showing: snapshot)
    func completed(_ text: String) -> String? {
      model.keys(.escape, .character("/"))
      model.type(text)
      model.keys(.tab)
      return model.dialog?.draftFilter
    }
    #expect(completed("room=lo") == "room=lobby ")
    #expect(completed("tls room=my") == "tls room=\"my room\" ")
    #expect(completed("room=\"lo") == "room=\"lobby\" ")
    #expect(completed("tag=us") == "tag=user:olga ")
    #expect(completed("room=x") == "room=x")
    // The rows tell their rooms while a room is typed.
    model.keys(.escape, .character("/"))
    #expect(model.watch.sessions?.wantsRooms == false)
    model.type("room")
    #expect(model.watch.sessions?.wantsRooms == true)
  }

  @Test("A filter of one term is inverted, one of several is left")
  func inverts() {
    var model = connected()
    model.table.filter = "tls"
    model.keys(.character("\\"))
    #expect(model.table.filter == "!tls")
    model.table.filter = "tls idle>1m"
    model.keys(.character("\\"))
    #expect(model.table.filter == "tls idle>1m")
    #expect(model.notice?.tone == .warning)
  }

  @Test("A paste goes into the line as one line")
  func paste() {
    var model = connected()
    model.keys(.character("/"))
    _ = update(&model, .paste("route=/ws\n!tls"))
    #expect(model.dialog?.draftFilter == "route=/ws !tls")
  }
}
