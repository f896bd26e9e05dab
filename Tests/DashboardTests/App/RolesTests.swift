import ControlProtocol
import TestSupport
import Testing
import Vocabulary

@testable import Dashboard

@Suite("A console that may only look")
struct RolesTests {
  private static let granted = "read-only: your token has the role view, nothing was done"
  private static let chosen =
    "read-only: the console was started with --read-only, nothing was done"

  private func viewing(columns: Int = 80, rows: Int = 24, role: ControlRole? = .view) -> Model {
    var snapshot = picture()
    snapshot.role = role
    return connected(columns: columns, rows: rows, showing: snapshot)
  }

  @Test("Every key that acts gives a notice and no dialog, and asks the engine for nothing")
  func keys() {
    for key in [Key.character("m"), .character("X"), .function(9), .character("t")] {
      var model = viewing()
      #expect(model.keys(key) == [])
      #expect(model.dialog == nil && model.pages.isEmpty)
      #expect(model.notice?.text == Self.granted)
      #expect(model.notice?.tone == .warning)
    }
    var model = viewing()
    model.keys(.character("4"))
    #expect(model.keys(.enter) == [] && model.dialog == nil)
    #expect(model.text.contains("read-only: your token has the role view"))
  }

  @Test("Looking is as ever: filters, screens, details")
  func looking() {
    var model = viewing()
    model.keys(.character("/"))
    model.type("tls")
    model.keys(.enter)
    #expect(model.table.filter == "tls")
    var filtered = picture()
    filtered.role = .view
    _ = update(&model, .snapshot(filtered))
    model.keys(.enter)
    guard case .details? = model.pages.last else {
      Issue.record("no details")
      return
    }
    model.keys(.character("q"), .character("6"))
    #expect(model.screen == .log && model.notice?.text != Self.granted)
  }

  @Test(
    "What is typed behind the colon is refused as well",
    arguments: [
      .request(.reload, .other, saying: "reading"),
      .request(.abort(1, AbortRequest()), .follow, saying: "ending"),
      .close(CloseForm(ActPlan([.sessions([id(0)])])), isConfirmed: true),
      .send(SendForm(ActPlan([.filter("tls")])), isConfirmed: true),
      .ask(ConfirmForm(question: "?", explanation: "", request: .stop, words: ["stop"])),
      .tap(TapRequest(.session(id(0)))),
    ] as [ConsoleCommand])
  func typed(command: ConsoleCommand) {
    var model = viewing()
    #expect(update(&model, .command(line: "x", .success(command))) == [])
    #expect(model.dialog == nil && model.pages.isEmpty)
    #expect(model.notice?.text == Self.granted)
  }

  @Test("The first line says so, and keeps it where it is narrow", arguments: [200, 80, 60, 40])
  func header(columns: Int) throws {
    let model = viewing(columns: columns)
    #expect(try model.lines.at(0).contains("wstop prod-1  read-only"))
    #expect(try !viewing(columns: columns, role: .operate).lines.at(0).contains("read-only"))
    #expect(try !viewing(columns: columns, role: nil).lines.at(0).contains("read-only"))
  }

  @Test("A role that changes holds with the next picture")
  func changes() {
    var model = viewing()
    var snapshot = picture()
    snapshot.role = .operate
    _ = update(&model, .snapshot(snapshot))
    #expect(!model.isReadOnly)
    model.keys(.character("X"))
    #expect(model.dialog != nil)
  }

  @Test("--read-only holds whatever the engine allows")
  func flag() {
    var model = viewing(role: .operate)
    model.setup.isReadOnly = true
    model.keys(.character("X"))
    #expect(model.dialog == nil && model.notice?.text == Self.chosen)
    #expect(model.text.contains("read-only"))
  }

  @Test("The command that an act was names the engine elsewhere")
  func commands() {
    var model = viewing(role: .operate)
    model.setup.attachWords = ["--connect", "wss://e:1", "--token-file", "t"]
    model.keys(.character("X"), .enter, .tab, .character("y"))
    #expect(
      model.notice?.command?.hasPrefix("wstop close --connect wss://e:1 --token-file t s-") == true)
  }
}
