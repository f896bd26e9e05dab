import Foundation
import TestSupport
import Testing

@Suite("An engine that dies under its console", .workspace, .limited, .timeLimit(.minutes(15)))
struct LostEngineTests {
  @Test("The console says so, keeps the last picture, and comes back with the next engine")
  func killed() async throws {
    let engine = try await Engine.start()
    let console = try await Terminal.console(engine)
    let client = try await Client.connect(engine.url("/ws/echo"))
    try await console.wait(for: "127.0.0.1:\(client.port)")
    engine.process.signal(SIGKILL)
    try await console.wait(for: "LOST", "reconnecting", "127.0.0.1:\(client.port)")
    // What needs the engine says that it cannot be done; what does not still works.
    try await console.press("X")
    try await console.wait(for: "not connected")
    try await console.press("4")
    try await console.wait(for: "message-bytes")
    try await console.press("1")
    try await engine.process.waitForExit()
    let next = try await Engine.start()
    try await console.wait(forEndOf: "LOST")
    try await console.wait(forEndOf: "127.0.0.1:\(client.port)")
    let again = try await Client.connect(next.url("/ws/echo"))
    try await console.wait(for: "127.0.0.1:\(again.port)")
    try await console.press("q")
    #expect(try await console.exitCode() == 0)
  }

  @Test("An engine that is stopped is told too, and q still leaves")
  func stopped() async throws {
    let engine = try await Engine.start()
    let console = try await Terminal.console(engine)
    try await console.wait(for: "no sessions yet")
    #expect(try await engine.wstop("stop").exitCode == 0)
    try await console.wait(for: "LOST")
    try await console.press("q")
    #expect(try await console.exitCode() == 0)
  }

  @Test("Without an engine wstop top is one line and exit 69")
  func none() async throws {
    let shell = try await Terminal.shell(columns: 120)
    try await shell.type("clear; $WSTOP top --name nobody; echo left $?")
    try await shell.press("Enter")
    let screen = try await shell.wait(for: "left 69")
    #expect(screen.line(with: "wstop: ")?.contains("nobody.sock") == true)
  }
}
