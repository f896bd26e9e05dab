import ControlProtocol
import TestSupport
import Testing

@testable import Dashboard

@Suite("Copying to the terminal's clipboard")
struct CopyingTests {
  private func copied(_ text: String) throws -> Effect {
    .copy(try #require(ClipboardText(text)))
  }

  @Test("y and y copy the id of the row, y and a its address; the notice says what")
  func rows() throws {
    var model = connected()
    #expect(
      !model.keys(.down, .character("y")).contains { if case .copy = $0 { true } else { false } })
    #expect(model.keyContext == .copyPicker)
    #expect(model.text.contains("▸ i  id       s-1yj1"))
    #expect(model.text.contains("  a  address  10.0.3.1"))
    #expect(try model.keys(.character("y")) == [copied("s-1yj1")])
    #expect(model.dialog == nil)
    #expect(model.notice?.text == "copied s-1yj1, if the terminal allows it (OSC 52)")
    #expect(try model.keys(.character("y"), .character("a")) == [copied("10.0.3.1")])
    #expect(try model.keys(.character("y"), .down, .enter) == [copied("10.0.3.1")])
    #expect(model.keys(.character("y"), .escape).isEmpty)
    #expect(model.dialog == nil)
  }

  @Test("The page of a session copies its own")
  func details() throws {
    var model = connected()
    model.keys(.down, .enter)
    // Nothing but the id is known yet, so that there is no choice.
    #expect(try model.keys(.character("y")) == [copied("s-1yj1")])
    var answer = picture()
    answer.details = SessionDetails(engine: "run-1", row: row(1))
    _ = update(&model, .snapshot(answer))
    #expect(try model.keys(.character("y"), .character("a")) == [copied("10.0.3.1")])
  }

  @Test("The last command that was shown is copied from anywhere, also when its notice has gone")
  func commands() throws {
    var model = connected()
    model.keys(.character("3"))
    #expect(model.keys(.character("y")).isEmpty)
    #expect(model.notice?.tone == .warning)
    model.keys(.character("1"), .character("t"), .escape)
    let command = try #require(model.context.lastCommand)
    #expect(command.hasPrefix("wstop tap "))
    _ = update(&model, .tick(now: now + 100))
    #expect(model.notice == nil)
    model.keys(.character("3"))
    #expect(try model.keys(.character("y")) == [copied(command)])
    #expect(try model.keys(.control("y")) == [copied(command)])
    model.keys(.character("1"))
    #expect(try model.keys(.character("y"), .character("c")) == [copied(command)])
  }

  @Test("^Y copies the command of the open dialog, which stays open")
  func dialogs() throws {
    var model = connected()
    model.keys(.character("X"))
    let effects = model.keys(.control("y"))
    #expect(try effects == [copied("wstop close s-1yg1 --code 1000")])
    #expect(model.keyContext == .closeDialog)
    #expect(model.notice?.text == "copied the command, if the terminal allows it (OSC 52)")
  }

  @Test("No control character gets to the clipboard, and a quoted command stays itself")
  func escaping() throws {
    let text = try #require(ClipboardText("a\u{1B}]52;c;x\u{07}\nb\u{9B}\u{202E}ä\\n"))
    #expect(text.text == #"a\u{1b}]52;c;x\u{7}\nb\u{9b}\u{202e}ä\n"#)
    #expect(text.base64.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
    var model = connected()
    var answer = picture()
    answer.sessions?.sessions[0].address = "unix\u{1B}c\n"
    _ = update(&model, .snapshot(answer))
    let effects = model.keys(.character("y"), .character("a"))
    #expect(try effects == [copied(#"unix\u{1b}c\n"#)])
    #expect(model.text.contains("copied unix"))
    #expect(!model.text.contains("\u{1B}"))
  }

  @Test("More than terminals take is refused whole, and said")
  func bounds() throws {
    let most = ClipboardText.maximumByteCount
    #expect(
      try #require(ClipboardText(String(repeating: "x", count: most))).base64.utf8.count <= 100_000)
    #expect(ClipboardText(String(repeating: "x", count: most + 1)) == nil)
    // Escapes count as long as they are.
    #expect(ClipboardText(String(repeating: "\u{1B}", count: most / 4)) == nil)
    var model = connected()
    model.context.note("tried", .done, command: String(repeating: "x", count: most + 1))
    #expect(model.keys(.control("y")).isEmpty)
    #expect(model.notice?.tone == .warning)
    #expect(model.notice?.text.contains("74 994 bytes") == true)
  }
}
