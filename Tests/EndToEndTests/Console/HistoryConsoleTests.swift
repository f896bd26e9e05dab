import Foundation
import TestSupport
import Testing

@Suite(
  "What is over: closed sessions, the matrix of closes, the history", .workspace,
  .limited, .timeLimit(.minutes(15)))
struct HistoryConsoleTests {
  @Test(
    "A closed session stays to be looked at, refuses acts, and its page tells how it ended",
    arguments: ConsoleStoryTests.sizes)
  func closedRows(columns: Int, rows: Int) async throws {
    let engine = try await Engine.start()
    let console = try await Terminal.console(engine, columns: columns, rows: rows)
    let client = try await Client.connect(engine.url("/ws/echo"))
    let other = try await Client.connect(engine.url("/ws/echo"))
    let id = try await engine.id(of: client)
    try await console.wait("two sessions") { $0.sessionLines.count == 2 }
    try await client.close(4001, "done for today")
    try await console.wait("one session") { $0.sessionLines.count == 1 }
    try await console.press("a")
    try await console.wait("how it ended") { screen in
      screen.line(with: id).map { line in
        ["4001", "✕", "ago", "peer"].allSatisfy { line.contains($0) }
      } == true
    }
    try await console.press("X")
    try await console.wait(for: "nothing can be done to it", without: ["Close?"])
    try await console.press("Enter")
    try await console.wait(for: "done for today", "closed", "127.0.0.1:\(client.port)")
    try await console.press("q", "a")
    try await console.wait("both") { $0.contains(id) && $0.contains(":\(other.port)") }
    try await other.send("alive")
    #expect(try await other.receive() == .text("alive"))
  }

  @Test(
    "Enter on a cell of the matrix lists the sessions behind it", arguments: ConsoleStoryTests.sizes
  )
  func matrix(columns: Int, rows: Int) async throws {
    let engine = try await Engine.start("--set", "message-bytes=1KiB")
    let console = try await Terminal.console(engine, columns: columns, rows: rows)
    let tooBig = try await Client.connect(engine.url("/ws/echo"))
    let normal = try await Client.connect(engine.url("/ws/echo"))
    let id = try await engine.id(of: tooBig)
    try await tooBig.send(byteCount: 2000)
    #expect(try await tooBig.closed().code == 1009)
    try await normal.close(1000)
    try await console.press("3")
    try await console.wait("both codes") { screen in
      ["1000", "1009"].allSatisfy { code in
        screen.lines.contains { $0.contains("\(code) ") && $0.contains("·") }
      }
    }
    try await console.press("r")
    try await console.wait(for: "counted in the last 1m")
    try await console.press("Down", "Right", "Right", "Right", "Right", "Enter")
    try await console.wait("the one session") {
      $0.contains(id) && $0.contains("filter code=1009") && $0.sessionLines.count == 1
    }
  }

  @Test("The history survives the engine, in the console and on the command line")
  func survives() async throws {
    let first = try await Engine.start()
    let client = try await Client.connect(first.url("/ws/chat/lobby?x=1"))
    let id = try await first.id(of: client)
    #expect(
      try await first.wstop("close", id, "--code", "4001", "--reason", "=SUM(A1)").exitCode == 0)
    _ = try await client.closed()
    let limits = try await first.wstop("limits set", "message-bytes=64KiB")
    #expect(limits.exitCode == 0)
    #expect(try await first.wstop("stop").exitCode == 0)
    #expect(try await first.process.waitForExit() == 0)

    let file = Workspace.current.path(".local/state/wstop/x.history")
    let read = try await wstop("history", "--file", file, "--csv", "--filter", "who=operator")
    #expect(read.exitCode == 0, "\(read)")
    #expect(read.text.contains(",4001,operator,'=SUM(A1),"))

    let second = try await Engine.start()
    let rows = try await second.wstop("history", "--kind", "session", "--since", "1h").rows
    #expect(rows.count == 1)
    #expect(try rows.first?.at(4) == id)
    let json = try await second.wstop("history", "--json", "--kind", "limit")
    #expect(json.text.contains("message-bytes 1MiB"))
    let console = try await Terminal.console(second)
    try await console.press("7")
    try await console.wait(for: id, "4001 by operator", "message-bytes 1MiB")
    try await console.press("/")
    try await console.type("code=4001")
    try await console.press("Enter")
    try await console.wait("one entry") { !$0.contains("message-bytes 1MiB") && $0.contains(id) }
    try await console.press("Enter")
    try await console.wait(for: "=SUM(A1)", "Closed session \(id)")
  }

  @Test("A file that is no history is left alone, and the engine runs without one")
  func corrupt() async throws {
    let text = String(repeating: "not a database. ", count: 500)
    try Workspace.current.write(text.utf8, to: "broken")
    let engine = try await Engine.start("--history", Workspace.current.path("broken"))
    let client = try await Client.connect(engine.url("/ws/echo"))
    try await client.send("works")
    #expect(try await client.receive() == .text("works"))
    try await client.close(4003)
    let entries = try await eventually("the session is in the history") {
      let outcome = try await engine.wstop("history", "--filter", "code=4003")
      return outcome.rows.isEmpty ? nil : outcome.rows
    }
    #expect(entries.count == 1)
    let statistics = try await engine.json("stats")
    #expect(statistics["history"]?["store"]?.string == "memory")
    #expect((statistics["history"]?["failures"]?.int ?? 0) > 0)
    // Told at the engine's next second.
    try await until("an event tells it") {
      try await engine.wstop("events").text.contains("the history is kept in memory")
    }
    let kept = try await shell("cat \(Workspace.current.path("broken"))")
    #expect(kept.text == text)
  }

  @Test("wstop events --follow is one JSON object a line")
  func follow() async throws {
    let engine = try await Engine.start()
    let process = try Workspace.current.start(
      Program.path, ["events", "--name", engine.name, "--follow"])
    #expect(try await engine.wstop("limits set", "message-bytes=64KiB").exitCode == 0)
    try await until("the change is told") {
      String(decoding: process.output, as: UTF8.self).contains("64KiB")
    }
    let lines = String(decoding: process.output, as: UTF8.self).split(separator: "\n")
    for line in lines { #expect(try JSON(Data(line.utf8))["kind"]?.string != nil) }
    process.end()
  }
}
