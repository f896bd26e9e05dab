import ControlProtocol
import Testing

@testable import Dashboard

@Suite("Searching text")
struct FindingTests {
  private func log() -> Model {
    var model = connected()
    model.keys(.character("6"))
    var snapshot = picture()
    snapshot.events = (1...100).map { number in
      EngineEvent(
        sequence: number, at: now, kind: .engine,
        message: number % 25 == 0 ? "a Needle, number \(number)" : "hay \(number)")
    }
    _ = update(&model, .snapshot(snapshot))
    return model
  }

  private func search(_ text: String, _ model: inout Model) {
    model.keys(.character("/"))
    model.type(text)
    model.keys(.enter)
  }

  @Test("/ goes to the first line from here, n and N to those behind and before, around the end")
  func finds() {
    var model = log()
    model.keys(.home)
    search("needle", &model)
    func expect(_ number: Int, _ place: Int) {
      #expect(model.text.contains("▸") && model.text.contains("Needle, number \(number)"))
      #expect(model.notice?.text == "needle: \(place) of 4")
    }
    expect(25, 1)
    model.keys(.character("n"))
    expect(50, 2)
    model.keys(.character("n"), .character("n"))
    expect(100, 4)
    model.keys(.character("n"))
    expect(25, 1)
    model.keys(.character("N"))
    expect(100, 4)
    model.keys(.character("N"))
    expect(75, 3)
  }

  @Test("What is not there is told of; Esc forgets the search before it leaves")
  func missing() {
    var model = log()
    model.keys(.character("n"))
    #expect(model.notice?.tone == .warning)
    search("\u{1B}nothing", &model)
    #expect(model.notice?.text == #"\u{1b}nothing is not there"#)
    model.keys(.escape)
    #expect(model.screen == .log && model.sought.isEmpty)
    model.keys(.escape)
    #expect(model.screen == .sessions)
  }

  @Test("The help and a session's details are searched, letters being text in the line")
  func pages() {
    var model = connected()
    model.keys(.character("?"))
    search("mark the session", &model)
    #expect(model.keyContext == .help && model.sought == "mark the session")
    #expect(model.lines.contains { $0.contains(#/^▸.*mark the session/#) })
    model.keys(.escape, .escape)
    #expect(model.pages.isEmpty)
  }
}
