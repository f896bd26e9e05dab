import TestSupport
import Testing

@Suite("The operator's hand", .workspace, .limited, .timeLimit(.minutes(15)))
struct OperatorHandTests {
  static let sizes = [(80, 24), (200, 50)]

  @Test("What is wrong keeps its line open, and what held stays in force", arguments: sizes)
  func wrong(columns: Int, rows: Int) async throws {
    let engine = try await Engine.start()
    let clients = try await Client.connect(engine.url("/ws/echo"), count: 2)
    let other = try await Client.connect(engine.url("/ws/chat/lobby"))
    let console = try await Terminal.console(engine, columns: columns, rows: rows)
    try await console.wait("three sessions") { $0.sessionLines.count == 3 }
    try await console.press("/")
    try await console.type("route=/ws/echo")
    try await console.press("Enter")
    try await console.wait(for: "2 of 3 match")
    try await console.press("/")
    try await console.type(" idle>>5")
    try await console.press("Enter")
    let prompt = "filter: route=/ws/echo idle>>5"
    try await console.wait("the line with its fault, and the rows as before") {
      $0.contains(prompt) && $0.contains("column 21") && $0.sessionLines.count == 2
    }
    try await console.resize(columns: 20, rows: 5)
    try await console.wait("a small screen") { $0.lines.contains { $0.contains("filter:") } }
    try await console.resize(columns: columns, rows: rows)
    try await console.wait(for: prompt, "column 21")
    // The cursor stands where it is wrong.
    try await console.press("DC", "End", "h", "Enter")
    try await console.wait(for: "0 of 3 match", without: [prompt])
    try await console.press("Escape")
    try await console.wait("all sessions") { $0.sessionLines.count == 3 }

    try await console.press(":")
    try await console.type("limits sett x=1")
    try await console.press("Enter")
    try await console.wait(for: ":limits sett x=1", "failed:")
    try await console.press("Escape")
    try await console.wait(forEndOf: ":limits sett")
    try await console.press("/")
    try await console.paste("tls\nX 4")
    try await console.wait(for: "filter: tls X 4", "[1 Sessions]")
    try await console.press("Escape")
    for client in clients + [other] { try await client.close(1000) }
  }

  @Test("The busiest session is one key away, and the way back from a count is another")
  func fewKeys() async throws {
    let engine = try await Engine.start()
    let busy = try await Client.connect(engine.url("/ws/echo"))
    let quiet = try await Client.connect(engine.url("/ws/echo"))
    try await quiet.close(4001)
    let id = try await engine.id(of: busy)
    let console = try await Terminal.console(engine, columns: 100, rows: 30)
    try await console.press("0")
    try await until("it stands out") {
      try await busy.send(byteCount: 60_000)
      _ = try await busy.receive()
      return try await console.screen().contains(id)
    }
    try await console.press("3")
    try await console.wait { $0.matches(#/4001 +1/#) }
    try await console.press("Enter")
    try await console.wait(for: "[1 Sessions]", "4001", "Esc goes back to Closes")
    try await console.press("Escape")
    try await console.wait(for: "[3 Closes]", without: ["goes back"])
    try await console.press("1")
    try await console.wait("the table as it was") { $0.sessionLines.count == 1 }
  }

  @Test("Console, limits and stats name the same limit of sessions, and its cause")
  func limit() async throws {
    let engine = try await Engine.start()
    let console = try await Terminal.console(engine, columns: 140, rows: 40)
    for (change, cause) in [("sessions=50", "limit"), ("sessions=10000000", "descriptors")] {
      #expect(try await engine.wstop("limits set", change).exitCode == 0)
      let json = try await engine.json("stats")
      let limit = try #require(json["sessions"]?["limit"]?.int)
      let rows = try await engine.wstop("limits").rows
      let row = try #require(rows.first { $0.first == "sessions" })
      #expect(row.contains(String(limit)) && (cause == "limit") != row.contains(cause))
      try await console.wait { screen in
        screen.contains("by \(cause))") && screen.lines.first?.contains("sessions 0 (max ") == true
      }
      try await console.press("4")
      try await console.wait("the limit's row") { screen in
        screen.lines.contains {
          $0.dropFirst(2).hasPrefix("sessions  ") && $0.contains(" \(limit) ")
        }
      }
    }
  }

  @Test("Who leaves is told that the engine goes on, and how to end it")
  func left() async throws {
    let engine = try await Engine.start()
    let shell = try await Terminal.shell(columns: 100)
    try await shell.type("$WSTOP top --name x")
    try await shell.press("Enter")
    try await shell.wait(for: "no sessions yet")
    try await shell.press("q")
    try await shell.wait(for: "the engine goes on; this ends it: wstop stop --name x")
    #expect(try await engine.openCount() == 0)
  }
}
