import Foundation
import TestSupport
import Testing

@Suite(
  "The session table as its operator arranges it", .workspace, .limited, .timeLimit(.minutes(15)))
struct TableTests {
  @Test("Columns that are chosen are there the next time the console is opened")
  func columns() async throws {
    let engine = try await Engine.start()
    let console = try await Terminal.console(engine, columns: 120)
    let client = try await Client.connect(
      engine.url("/ws/chat/lobby"), headers: ["User-Agent": "agent-7"])
    try await console.wait("a session") { $0.sessionLines.count == 1 }
    try await console.press("F2")
    try await console.wait(for: "[x] ADDRESS")
    // The address out, the rooms in, and to the left of all others.
    try await console.press("Down", "Down", "Space")
    try await console.type("rooms")
    try await console.wait(for: "▸ [ ] ROOMS")
    try await console.press("Space")
    try await console.wait(for: "[x] ROOMS")
    for _ in 0..<30 { try await console.press("<") }
    try await console.press("Enter")
    try await console.wait(for: "saved in")
    try await console.wait("the room") {
      $0.line(with: "PATH")?.contains(#/ROOMS +ID▲ +PATH/#) == true && $0.contains("lobby ")
        && !$0.contains("ADDRESS") && !$0.contains("127.0.0.1:\(client.port)")
    }
    try await console.press("q")
    #expect(try await console.exitCode() == 0)
    let next = try await Terminal.console(engine, columns: 120)
    try await next.wait("the columns") {
      $0.contains("lobby ") && $0.line(with: "PATH")?.contains(#/ROOMS +ID▲ +PATH/#) == true
    }
    #expect(
      FileManager.default.fileExists(
        atPath: Workspace.current.path(".config/wstop/table.conf")))
  }

  @Test("Where they cannot be saved the console says so, and shows them all the same")
  func unwritable() async throws {
    let engine = try await Engine.start()
    try Workspace.current.write([], to: "file")
    let console = try await Terminal.console(
      engine, environment: ["XDG_CONFIG_HOME": Workspace.current.path("file")])
    try await console.press("r")
    try await console.wait(for: "rates")
    try await console.press("C-s")
    try await console.wait(for: "not saved")
    try await console.press("q")
    #expect(try await console.exitCode() == 0)
  }

  @Test("A file of a newer program, or one that is broken, does not stop the console")
  func newerFile() async throws {
    let engine = try await Engine.start()
    for (text, words) in [
      ("version = 9\nwarp = on\n", "a newer wstop"), ("columns = id\u{0}\u{1B}", "line 1"),
    ] {
      try FileManager.default.createDirectory(
        atPath: Workspace.current.path(".config/wstop"), withIntermediateDirectories: true)
      try Workspace.current.write(text.utf8, to: ".config/wstop/table.conf")
      let console = try await Terminal.console(engine, columns: 140)
      let screen = try await console.wait(for: words, "no sessions yet")
      #expect(Style.isHarmless(screen.text))
      try await console.press("q")
      #expect(try await console.exitCode() == 0)
    }
  }

  @Test("r shows what a session does now, and the table is sorted by it")
  func rates() async throws {
    let engine = try await Engine.start()
    let console = try await Terminal.console(engine, columns: 140)
    let quiet = try await Client.connect(engine.url("/ws/echo"))
    let busy = try await Client.connect(engine.url("/ws/echo"))
    // The quiet one has sent more in all, and nothing since.
    for _ in 0..<30 {
      try await quiet.send("x")
      _ = try await quiet.receive()
    }
    try await console.press("r")
    try await console.wait(for: "IN/S")
    try await console.press("F6")
    try await console.wait(for: "Sort by")
    try await console.press("Escape")
    try await console.press(">", until: "sort in.messages/s", changing: \.sorting)
    try await console.wait(for: "sort in.messages/s ▼")
    // Rates are a second behind: the quiet one's last messages have to be forgotten.
    var sent = 0
    _ = try await eventually("the busy one is first, with its rate") {
      try await busy.send("y")
      _ = try await busy.receive()
      sent += 1
      let lines = try await console.screen().sessionLines
      guard lines.count == 2, lines.first?.contains("127.0.0.1:\(busy.port) ") == true,
        lines.last?.contains("127.0.0.1:\(quiet.port) ") == true
      else { return nil as Bool? }
      return true
    }
    #expect(sent > 0)
    let outcome = try await engine.wstop(
      "sessions", "--columns", "id,port,in.messages/s", "--sort", "-in.messages/s")
    #expect(outcome.exitCode == 0)
    let rows = outcome.text.split(separator: "\n").map { $0.split(separator: "\t") }
    #expect(rows.count == 2 && rows.allSatisfy { $0.count == 3 && Double($0[2]) != nil })
  }

  @Test("Tab completes keys, routes and close codes, at 80 columns")
  func completion() async throws {
    let engine = try await Engine.start()
    let console = try await Terminal.console(engine)
    _ = try await Client.connect(engine.url("/ws/chat/lobby"))
    let other = try await Client.connect(engine.url("/ws/echo"))
    try await console.wait("two sessions") { $0.sessionLines.count == 2 }
    try await console.press("/")
    try await console.wait(for: "filter:")
    try await console.type("rou")
    try await console.press("Tab")
    try await console.wait(for: "route=  route!=  route~")
    try await console.type("=/ws/c")
    try await console.press("Tab", "Enter")
    try await console.wait("one session") {
      $0.sessionLines.count == 1 && !$0.contains("127.0.0.1:\(other.port)")
    }
    try await console.press("Escape", "/")
    try await console.type("code=too")
    try await console.press("Tab")
    try await console.wait(for: "filter: code=1009")
  }

  @Test("An error is told in full at 80 columns, its arrow behind wide characters")
  func wideError() async throws {
    let engine = try await Engine.start()
    let console = try await Terminal.console(engine)
    try await console.press("/")
    try await console.wait(for: "filter:")
    try await console.type("path~日本 foo=1")
    let screen = try await console.wait("the whole error") {
      $0.contains("column 9") && $0.text.replacing("\n", with: "").contains("subprotocol")
    }
    let typed = try #require(screen.line(with: "filter: path"))
    let pointer = try #require(screen.lines.first { $0.contains(#/^ *\^$/#) })
    #expect(pointer.column(of: "^") == typed.column(of: "foo"))
  }

  @Test("The selection stays on its row while others pass it")
  func selection() async throws {
    let engine = try await Engine.start("--reactors", "1")
    let console = try await Terminal.console(engine, columns: 120)
    let clients = try await Client.connect(engine.url("/ws/echo"), count: 4)
    try await console.wait("four sessions") { $0.sessionLines.count == 4 }
    let id = try await engine.id(of: clients[1])
    try await console.press("j")
    try await console.wait { $0.line(with: "▸")?.contains("\(id) ") == true }
    try await console.press(">", until: "sort in.bytes", changing: \.sorting)
    for (index, client) in clients.enumerated() {
      try await client.send(byteCount: [4000, 1, 3000, 2000][index])
      _ = try await client.receive()
    }
    try await console.wait("the selected one last") {
      $0.sessionLines.count == 4 && $0.sessionLines.last?.hasPrefix("▸   \(id) ") == true
    }
  }
}
