import TestSupport
import Testing

@Suite(
  "Limits in the console: what they would do, whom they close, when they revert", .workspace,
  .limited, .timeLimit(.minutes(15)))
struct LimitConsoleTests {
  @Test("The dialog tells what a value would have rejected, closes who is over it, and reverts")
  func dialog() async throws {
    let engine = try await Engine.start()
    let quiet = try await Client.connect(engine.url("/ws/echo"))
    let loud = try await Client.connect(engine.url("/ws/echo"))
    for size in [100, 100, 3000] {
      try await loud.send(byteCount: size)
      _ = try await loud.receive()
    }
    try await quiet.send("hello")
    _ = try await quiet.receive()
    try await until("all are counted") {
      try await engine.json("stats")["traffic"]?["messagesOut"]?.int == 4
    }
    let console = try await Terminal.console(engine)
    try await console.press("4")
    try await console.wait(for: "message-bytes")
    try await console.press("Enter")
    try await console.wait(for: "would have rejected 0 of 4 in, 0 of 4 out")
    try await console.press("C-u")
    try await console.type("255")
    try await console.wait(for: "would have rejected 1 of 4 in, 1 of 4 out")
    try await console.wait(for: "1 session has had a larger message")
    // To the fate, the largest first; to the time; to the buttons, of which No has the focus.
    try await console.press("Tab", "Right", "Tab")
    try await console.type("12s")
    try await console.press("Tab")
    try await console.wait(for: "[No]")
    try await console.wait(for: "message-bytes=255 --over close")
    try await console.press("y")
    try await console.wait(for: "closed 1 session", "back ")
    #expect(try await loud.closed() == Client.Close(1009, "over message-bytes"))
    try await console.wait(forEndOf: "back ")
    // The old limit holds again for who was kept.
    try await quiet.send(byteCount: 3000)
    _ = try await quiet.receive()
    try await console.press("6")
    try await console.wait(for: "reverted: nobody kept it", "message-bytes 1MiB → 255B")
  }

  @Test("K keeps what would revert, and a shows only what is set; both are in the log")
  func keep() async throws {
    let engine = try await Engine.start()
    let console = try await Terminal.console(engine)
    #expect(
      try await engine.wstop("limits set", "sessions=50", "--revert-after", "10m").exitCode == 0)
    try await console.press("4")
    try await console.wait(for: "back ")
    try await console.press("a")
    try await console.wait(for: "sessions  ", without: ["fragment-bytes"])
    try await console.press("G")
    try await console.wait(for: "goes back to 100000 in")
    try await console.press("K")
    try await console.wait(for: "sessions is kept", "$ wstop limits keep --name x sessions")
    try await console.wait(for: "operator")
    try await console.press("6")
    try await console.wait(for: "kept sessions at 50")
  }

  @Test("Overrides of routes and sessions are listed and can be cleared, at any size of terminal")
  func overrides() async throws {
    let engine = try await Engine.start()
    let client = try await Client.connect(engine.url("/ws/echo"))
    let id = try #require(
      try await engine.json("sessions")["sessions"]?.array.first?["id"]?.string)
    for scope in [["--route", "/ws/echo"], ["--session", id]] {
      let words = ["message-bytes=2KiB"] + scope
      #expect(try await engine.wstop("limits set", words[0], words[1], words[2]).exitCode == 0)
    }
    let console = try await Terminal.console(engine)
    try await console.press("4", "a")
    try await console.wait(for: "session:\(id)")
    try await console.press("G", "u")
    try await console.wait(for: "Unset message-bytes")
    try await console.press("y")
    try await console.wait(forEndOf: "session:\(id)")
    // The last one is a route's that was declared with a limit.
    try await console.press("G", "k", "u")
    try await console.wait(for: "Unset message-bytes")
    try await console.press("y")
    try await console.wait(forEndOf: "route:/ws/echo")
    try await client.send(byteCount: 3000)
    _ = try await client.receive()
    try await console.resize(columns: 20, rows: 5)
    try await console.press("a", "Enter")
    try await console.wait("the field in a small dialog") { screen in
      screen.contains("value") && screen.lines.allSatisfy { $0.count <= 20 }
    }
    try await console.press("Escape")
    try await console.resize(columns: 80, rows: 24)
    try await console.press("g")
    try await console.wait(for: "fragment-bytes")
  }
}
