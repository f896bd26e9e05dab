import TestSupport
import Testing

@Suite(
  "Acts by filter in the console: preview, pace, progress, end", .workspace,
  .limited, .timeLimit(.minutes(15)))
struct ConsoleActTests {
  @Test(
    "All that the filter matches are closed with the code and reason, and nobody else",
    arguments: ConsoleStoryTests.sizes)
  func closeByFilter(columns: Int, rows: Int) async throws {
    let engine = try await Engine.start()
    let echo = try await Client.connect(engine.url("/ws/echo"), count: 3)
    let other = try await Client.connect(engine.url("/ws/echo-async"))
    let console = try await Terminal.console(engine, columns: columns, rows: rows)
    try await console.wait("four sessions") { $0.sessionLines.count == 4 }
    try await console.press("/")
    try await console.type("route=/ws/echo")
    try await console.press("Enter")
    try await console.wait("three sessions") { $0.sessionLines.count == 3 }
    try await console.press("X", "C-t")
    try await console.wait(
      for: "Close 3 of 4 sessions", "that match route=/ws/echo", "127.0.0.1:\(echo[0].port)",
      without: ["/ws/echo-async"])
    // Enter all the way is No.
    try await console.press("Enter", "Enter", "Enter", "Enter", "Enter")
    try await console.wait(forEndOf: "Close 3 of 4")
    try await engine.reaches(openCount: 4)
    try await console.press("X", "C-t")
    try await console.wait(for: "Close 3 of 4 sessions")
    try await console.press("C-u")
    try await console.type("service-restart")
    try await console.press("Enter")
    try await console.type("new version")
    try await console.press("Tab", "Tab", "Tab", "y")
    try await console.wait(
      for: "closed 3 of 3", "$ wstop close --name x --filter route=/ws/echo --code")
    for client in echo {
      #expect(try await client.closed() == Client.Close(1012, "new version"))
    }
    try await other.send("alive")
    #expect(try await other.receive() == .text("alive"))
    try await console.press("6")
    try await console.wait(for: "act 1: closed 3 of 3 sessions that match route=/ws/echo")
  }

  @Test("A room is closed, and a message goes to another, from the screen of rooms")
  func rooms() async throws {
    let engine = try await Engine.start()
    let lobby = try await Client.connect(engine.url("/ws/chat/lobby"), count: 2)
    let attic = try await Client.connect(engine.url("/ws/chat/attic"))
    let console = try await Terminal.console(engine)
    try await console.press("5")
    try await console.wait("two rooms") { $0.matches(#/▸ lobby +2 /#) }
    try await console.press("X")
    try await console.wait(for: "Close 2 of 3 sessions")
    try await console.press("Enter", "Tab", "Tab", "Tab", "y")
    for client in lobby { #expect(try await client.closed() == Client.Close(1000)) }
    try await console.wait("one room") { $0.matches(#/▸ attic +1 /#) && !$0.matches(#/ lobby +/#) }
    try await console.press("m")
    try await console.wait(for: "Send to 1 of 1 session")
    try await console.type("hello attic")
    try await console.press("Tab", "Tab", "Tab", "y")
    #expect(try await attic.receive() == .text("hello attic"))
  }

  @Test("An act with a rate shows how far it has come, and A ends it")
  func pacedAndEnded() async throws {
    let engine = try await Engine.start()
    let clients = try await Client.connect(engine.url("/ws/echo"), count: 5)
    let console = try await Terminal.console(engine)
    try await console.wait("five sessions") { $0.sessionLines.count == 5 }
    try await console.press("X", "C-t")
    try await console.wait(for: "Close ALL 5 sessions")
    try await console.press("Enter", "Tab")
    // The second session has its turn after more time than the test takes.
    try await console.type("1/m")
    try await console.press("Tab", "Tab")
    try await console.type("5")
    try await console.press("Tab", "y")
    try await console.wait(for: "closing 1 of 5")
    try await console.press("A")
    try await console.wait(for: "closed 1 of 5, aborted: 4 left alone", without: ["closing 1 of 5"])
    try await until("one of five is closed") { try await engine.openCount() == 4 }
    var openCount = 0
    for client in clients {
      // One that is closed may send what nobody takes, until it reads so.
      guard (try? await client.send("alive")) != nil,
        (try? await client.receive()) == .text("alive")
      else { continue }
      openCount += 1
    }
    #expect(openCount == 4)
  }

  @Test("A message goes to all that match, once the number of them was typed")
  func typedCount() async throws {
    let engine = try await Engine.start()
    let clients = try await Client.connect(engine.url("/ws/echo"), count: 101)
    let console = try await Terminal.console(engine)
    try await console.wait("the sessions") { !$0.sessionLines.isEmpty }
    try await console.press("m", "C-t")
    try await console.wait(for: "Send to ALL 101 sessions")
    try await console.type("all of you")
    try await console.press("Tab", "Tab", "Tab", "Tab", "y")
    try await console.wait(for: "type 101 to go on")
    try await console.type("101")
    try await console.press("Tab", "y")
    try await console.wait(for: "sent to 101 of 101")
    for client in clients { #expect(try await client.receive() == .text("all of you")) }
  }
}
