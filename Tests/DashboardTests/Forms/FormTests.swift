import ControlProtocol
import Testing
import Vocabulary

@testable import Dashboard

@Suite("Forms: fields, focus and problems")
struct FormTests {
  private func closing(_ model: Model) -> CloseForm? {
    if case .close(let form)? = model.dialog { form } else { nil }
  }

  @Test("A proposed value is replaced by the first character, and edited by any other key")
  func proposed() {
    var model = connected()
    model.keys(.character("X"))
    model.type("1012")
    #expect(closing(model)?.code.text == "1012")
    model.keys(.escape, .character("X"), .left)
    model.type("9")
    #expect(closing(model)?.code.text == "10090")
    model.keys(.escape, .character("X"), .backspace)
    #expect(closing(model)?.code.text == "")
    // What the field does not take replaces nothing.
    model.keys(.escape, .character("X"))
    model.type("?")
    #expect(closing(model)?.code.text == "1000")
  }

  @Test("A limit's value is proposed as well")
  func proposedLimit() {
    var model = connected()
    model.keys(.character("4"), .enter)
    model.type("2MiB")
    guard case .limit(let form)? = model.dialog else {
      Issue.record("no dialog")
      return
    }
    #expect(form.value.text == "2MiB")
  }

  @Test("Up, Down and Tab step through codes, and the footer says so", arguments: [80, 140])
  func codes(columns: Int) throws {
    var model = connected(columns: columns)
    model.keys(.character("X"))
    let footer = try #require(model.lines.last)
    #expect(footer.contains("Tab next code") && footer.contains("Up greater"))
    model.keys(.tab)
    #expect(closing(model)?.code.text == "1001")
    model.keys(.up, .up, .down)
    let next = try #require(CloseCode.named.first { $0.rawValue > 1001 })
    #expect(closing(model)?.code.text == String(next.rawValue))
    model.keys(.backTab)
    #expect(closing(model)?.code.text == "1001")
    // A stepped code is proposed again.
    model.type("4000")
    #expect(closing(model)?.code.text == "4000")
    model.keys(.enter)
    #expect(closing(model)?.focus == .reason)
    #expect(model.lines.last?.contains("Tab next code") == false)
  }

  @Test("With a problem the focus goes to the field that is wrong")
  func faultyField() {
    var model = connected()
    model.keys(.character("X"))
    model.type("7")
    model.keys(.enter, .tab)
    #expect(model.keys(.character("y")) == [])
    #expect(closing(model)?.focus == .code)
    #expect(model.text.contains("7 may not be sent"))

    model.keys(.escape, .character("m"), .up, .right)
    model.keys(.tab)
    model.type("00 0x")
    model.keys(.tab)
    #expect(model.keys(.character("y")) == [])
    guard case .send(let form)? = model.dialog else {
      Issue.record("no dialog")
      return
    }
    #expect(form.focus == .payload && form.payload.cursor == 4)
  }

  @Test("A click on a field gives it the focus, one on a focused choice takes the next")
  func clicks() throws {
    var model = connected()
    model.keys(.character("X"))
    let row = try #require(model.lines.firstIndex { $0.contains("│ reason") })
    _ = update(&model, .mouse(MouseEvent(.press, row: row, column: 20)))
    #expect(closing(model)?.focus == .reason)
    model.type("bye")
    #expect(closing(model)?.reason.text == "bye")

    model.keys(.escape, .character("m"))
    let choice = try #require(model.lines.firstIndex { $0.contains("│ as ") })
    for mode: SendForm.Mode in [.text, .binary] {
      _ = update(&model, .mouse(MouseEvent(.press, row: choice, column: 20)))
      guard case .send(let form)? = model.dialog else {
        Issue.record("no dialog")
        return
      }
      #expect(form.focus == .mode && form.mode == mode)
    }
  }

  @Test("Acts on all sessions say ALL, and want their number, however few they are")
  func all() {
    var model = connected()
    model.keys(.character("X"), .control("t"))
    _ = update(
      &model, .reply(tag: 1, .preview(ActPreview(engine: "run-1", count: 3, total: 3, sample: []))))
    #expect(model.text.contains("Close ALL 3 sessions") && model.text.contains("3 to go on"))
    #expect(model.keys(.enter, .tab, .tab, .tab, .tab, .character("y")) == [])
    model.type("3")
    #expect(model.keys(.tab, .character("y")).count == 1)

    model.keys(.character("T"))
    #expect(model.text.contains("Tap ALL 10 431 sessions"))
    #expect(model.keys(.enter, .character("y")) == [] && model.dialog != nil)
    model.type("10431")
    let effects = model.keys(.enter, .character("y"))
    #expect(effects.contains(.tap(TapRequest(.filter("")))))
  }

  @Test("A long command is shown whole, in lines of the dialog")
  func wraps() {
    var model = connected()
    model.keys(.character("X"), .enter)
    model.type("a reason of several words that is longer than a line of the dialog is wide")
    let text = model.lines.map { $0.trimmingCharacters(in: "│ ") }.joined(separator: " ")
    #expect(text.contains("is longer than a line") && text.contains("dialog is wide\""))
  }

  @Test("An engine that ends with the console is asked for first; any other is not")
  func leaving() {
    var model = connected()
    #expect(model.keys(.character("q")) == [.quit])
    model.setup.endsEngine = true
    #expect(model.keys(.character("q")) == [] && model.text.contains("End the demo?"))
    #expect(model.keys(.enter) == [] && model.dialog == nil)
    #expect(model.keys(.control("c"), .character("y")) == [.quit])
    #expect(model.keys(.control("c"), .control("c")) == [.quit])
  }
}

extension String {
  fileprivate func trimmingCharacters(in set: String) -> String {
    String(drop { set.contains($0) }.reversed().drop { set.contains($0) }.reversed())
  }
}
