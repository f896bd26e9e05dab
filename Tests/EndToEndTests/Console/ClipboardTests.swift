import TestSupport
import Testing

@Suite("Copying to the terminal's clipboard", .workspace, .limited, .timeLimit(.minutes(15)))
struct ClipboardTests {
  @Test("y copies id, address and command; a terminal that refuses shows nothing else")
  func copying() async throws {
    let engine = try await Engine.start()
    let client = try await Client.connect(engine.url("/ws/echo"))
    let id = try await engine.id(of: client)
    let console = try await Terminal.console(engine, columns: 120, rows: 30)
    try await console.wait("a session") { $0.sessionLines.count == 1 }
    try await console.press("y")
    try await console.wait(for: "i  id", id, "a  address  127.0.0.1")
    try await console.press("y")
    try await console.wait(for: "copied \(id), if the terminal allows it")
    _ = try await eventually("the id") { try await console.clipboard() == id ? true : nil }
    try await console.press("y")
    try await console.wait(for: "a  address")
    try await console.press("a")
    try await console.wait(for: "copied 127.0.0.1, if")
    _ = try await eventually("the address") {
      try await console.clipboard() == "127.0.0.1" ? true : nil
    }
    // In a dialog the letter is text, and ^Y copies the command that is shown.
    try await console.press("X")
    try await console.wait(for: "$ wstop close")
    try await console.press("C-y")
    try await console.wait(for: "copied the command", "Close?")
    _ = try await eventually("the command") {
      try await console.clipboard() == "wstop close --name \(engine.name) \(id) --code 1000"
        ? true : nil
    }
    try await console.press("Escape")
    try await console.wait(forEndOf: "Close?")
    try await console.permitClipboard(false)
    try await console.press("y")
    try await console.wait(for: "i  id")
    try await console.press("i")
    let screen = try await console.wait(for: "copied \(id), if")
    #expect(!screen.contains("]52") && !screen.contains("52;c"))
    #expect(screen.sessionLines.count == 1)
    #expect(try await console.clipboard()?.hasPrefix("wstop close") == true)
  }
}
