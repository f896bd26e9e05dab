import TestSupport
import Testing

@Suite(
  "The main story: sessions seen, filtered, sent to, closed and limited in the console",
  .workspace, .limited, .timeLimit(.minutes(15)))
struct ConsoleStoryTests {
  /// The sizes of terminal that the whole story has to fit.
  static let sizes = [(80, 24), (200, 50)]

  @Test("A session appears with its path and address when its client connects", arguments: sizes)
  func appears(columns: Int, rows: Int) async throws {
    let engine = try await Engine.start()
    let console = try await Terminal.console(engine, columns: columns, rows: rows)
    try await console.wait(
      for: "no sessions yet", "listening on 127.0.0.1:\(engine.port)",
      "ws://127.0.0.1:\(engine.port)/ws/echo")
    let client = try await Client.connect(engine.url("/ws/chat/ab"))
    let screen = try await console.wait(for: "127.0.0.1:\(client.port)")
    #expect(screen.sessionLines.count == 1)
    #expect(screen.sessionLines.first?.contains("/ws/chat/ab") == true)
    try await console.wait(for: "sessions 1 (max")
    try await client.close()
    try await console.wait("an empty table") { $0.sessionLines.isEmpty }
  }

  @Test("A filter shows only what matches, or nothing; Esc clears it", arguments: sizes)
  func filter(columns: Int, rows: Int) async throws {
    let engine = try await Engine.start()
    let console = try await Terminal.console(engine, columns: columns, rows: rows)
    let echo = try await Client.connect(engine.url("/ws/echo"))
    let chat = try await Client.connect(engine.url("/ws/chat/lobby"))
    try await console.wait("two sessions") { $0.sessionLines.count == 2 }
    try await console.press("/")
    try await console.wait(for: "filter:")
    try await console.type("route=/ws/chat*")
    try await console.press("Enter")
    let filtered = try await console.wait("one session") { $0.sessionLines.count == 1 }
    #expect(filtered.contains("127.0.0.1:\(chat.port)"))
    #expect(!filtered.contains("127.0.0.1:\(echo.port)"))
    #expect(filtered.contains(columns < 100 ? "filter route=" : "filter route=/ws/chat*"))
    try await console.press("Escape")
    try await console.wait("two sessions") { $0.sessionLines.count == 2 }
    try await console.press("/")
    try await console.type("port=1")
    try await console.press("Enter")
    let none = try await console.wait(for: "no session matches port=1")
    #expect(none.sessionLines.isEmpty)
    try await console.press("Escape")
    try await console.wait("two sessions") { $0.sessionLines.count == 2 }
  }

  @Test("A filter that is wrong is told with its column", arguments: sizes)
  func wrongFilter(columns: Int, rows: Int) async throws {
    let engine = try await Engine.start()
    let console = try await Terminal.console(engine, columns: columns, rows: rows)
    try await console.press("/")
    try await console.wait(for: "filter:")
    try await console.type("tls idle>5")
    let screen = try await console.wait(for: "column 10")
    let typed = try #require(screen.line(with: "filter: tls idle>5"))
    let error = try #require(screen.line(with: "^"))
    #expect(error.column(of: "^") == typed.column(of: "5"))
    try await console.press("Escape")
    try await console.wait(forEndOf: "idle>5")
  }

  @Test("B4: a message typed in the console reaches its client exactly", arguments: sizes)
  func send(columns: Int, rows: Int) async throws {
    let engine = try await Engine.start()
    let console = try await Terminal.console(engine, columns: columns, rows: rows)
    let client = try await Client.connect(engine.url("/ws/echo"))
    try await console.wait("a session") { $0.sessionLines.count == 1 }
    try await console.press("m")
    try await console.wait(for: "Send to s-")
    try await console.type("grüße 'n' \"more\" \\o/ 🎈")
    try await console.press("Enter")
    try await console.wait(for: "[Send]")
    try await console.press("Enter")
    #expect(try await client.receive() == .text("grüße 'n' \"more\" \\o/ 🎈"))
    try await console.wait(for: "sent to 1", "$ wstop send --name x s-")
  }

  @Test("Bytes typed as hexadecimal digits arrive as a binary message")
  func sendBinary() async throws {
    let engine = try await Engine.start()
    let console = try await Terminal.console(engine)
    let client = try await Client.connect(engine.url("/ws/echo"))
    try await console.wait("a session") { $0.sessionLines.count == 1 }
    try await console.press("m")
    try await console.wait(for: "Send to s-")
    try await console.press("Up", "Right")
    try await console.wait(for: "binary")
    try await console.press("Down")
    try await console.paste("00 ff 7f\n0a")
    try await console.press("Enter", "Enter")
    #expect(try await client.receive() == .binary([0x00, 0xFF, 0x7F, 0x0A]))
  }

  @Test("A message goes to all sessions that are marked, and to no other", arguments: sizes)
  func sendToMarked(columns: Int, rows: Int) async throws {
    let engine = try await Engine.start()
    let console = try await Terminal.console(engine, columns: columns, rows: rows)
    let clients = try await Client.connect(engine.url("/ws/echo"), count: 3)
    try await console.wait("three sessions") { $0.sessionLines.count == 3 }
    try await console.press("g", "Space", "G", "Space")
    try await console.wait(for: "2 marked")
    try await console.press("m")
    try await console.wait(for: "Send to 2 of 3 sessions")
    try await console.type("hello both")
    try await console.press("Tab", "Tab", "Tab", "y")
    try await console.wait(for: "sent to 2")
    // Which two, by the port that the marked lines show.
    let marked = try await console.wait("two marks") { screen in
      screen.sessionLines.count { $0.contains("●") } == 2
    }.sessionLines.filter { $0.contains("●") }
    for client in clients {
      let isMarked = marked.contains { $0.contains("127.0.0.1:\(client.port) ") }
      if isMarked {
        #expect(try await client.receive() == .text("hello both"))
      } else {
        #expect(try await client.pendingCount() == 0)
      }
    }
    try await console.press("U")
    try await console.wait(forEndOf: "marked")
  }

  @Test("B4: a session closed with 4001 and a reason: its client sees both", arguments: sizes)
  func close(columns: Int, rows: Int) async throws {
    let engine = try await Engine.start()
    let console = try await Terminal.console(engine, columns: columns, rows: rows)
    let client = try await Client.connect(engine.url("/ws/echo"))
    let other = try await Client.connect(engine.url("/ws/echo"))
    let id = try await engine.id(of: client)
    try await console.wait("two sessions") { $0.sessionLines.count == 2 }
    try await console.press("/")
    try await console.type("id=\(id)")
    try await console.press("Enter")
    try await console.wait("one session") { $0.sessionLines.count == 1 }
    try await console.press("X")
    try await console.wait(for: "Close \(id)")
    try await console.press("C-u")
    try await console.type("4001")
    try await console.press("Enter")
    try await console.type("maintenance at noon")
    try await console.press("Tab")
    try await console.wait(for: "[No]", "of the application")
    try await console.press("y")
    #expect(try await client.closed() == Client.Close(4001, "maintenance at noon"))
    try await console.wait(for: "closed 1", "$ wstop close --name x \(id) --code 4001 --reason")
    #expect(try await engine.closes(4001, by: "operator") == 1)
    try await other.send("alive")
    #expect(try await other.receive() == .text("alive"))
  }

  @Test("An act is for the session that the cursor shows, also right after the filter has changed")
  func actsOnWhatIsShown() async throws {
    let engine = try await Engine.start("--reactors", "1")
    let console = try await Terminal.console(engine)
    let clients = try await Client.connect(engine.url("/ws/echo"), count: 3)
    try await console.wait("three sessions") { $0.sessionLines.count == 3 }
    // The cursor belongs to the last session, and the filter shows the first alone.
    try await console.press("G")
    try await console.wait { $0.sessionLines.last?.hasPrefix("▸") == true }
    let id = try await engine.id(of: clients[0])
    try await console.press("/")
    try await console.wait(for: "filter:")
    try await console.type("id=\(id)")
    try await console.press("Enter")
    try await console.wait("the first session") {
      $0.sessionLines.count == 1 && $0.sessionLines.first?.contains("\(id) ") == true
    }
    try await console.press("X")
    try await console.wait(for: "Close?", "Close \(id) ")
  }

  @Test("Nothing is closed without a yes")
  func closeNot() async throws {
    let engine = try await Engine.start()
    let console = try await Terminal.console(engine)
    let client = try await Client.connect(engine.url("/ws/echo"))
    try await console.wait("a session") { $0.sessionLines.count == 1 }
    for keys in [["Enter", "Enter", "Enter"], ["Enter", "Tab", "n"], ["Escape"]] {
      try await console.press("X")
      try await console.wait(for: "Close?")
      for key in keys { try await console.press(key) }
      try await console.wait(forEndOf: "Close?")
    }
    try await client.send("alive")
    #expect(try await client.receive() == .text("alive"))
  }

  @Test(
    "B5: message-bytes is lowered, and the next message of an open session ends in 1009",
    arguments: sizes)
  func limit(columns: Int, rows: Int) async throws {
    let engine = try await Engine.start()
    let console = try await Terminal.console(engine, columns: columns, rows: rows)
    let client = try await Client.connect(engine.url("/ws/echo"))
    try await client.send(byteCount: 1025)
    _ = try await client.receive()
    try await console.press("4")
    try await console.wait { $0.line(with: "message-bytes")?.contains("1MiB") == true }
    try await console.press("Enter")
    try await console.wait(for: "Change message-bytes")
    try await console.press("C-u")
    try await console.type("1KiB")
    try await console.press("Enter")
    try await console.wait(for: "[No]", "1MiB → 1KiB", "every open session before its next frame")
    try await console.press("y")
    try await console.wait(
      for: "message-bytes: 1MiB → 1KiB", "$ wstop limits set --name x message-bytes=1KiB")
    try await console.wait("who set it") { $0.line(with: "▸")?.contains("operator") == true }
    try await client.send(byteCount: 1024)
    _ = try await client.receive()
    try await client.send(byteCount: 1025)
    #expect(try await client.closed().code == 1009)
    try await console.press("3")
    try await console.wait("the count under its heading") { closes in
      guard let end = closes.line(with: "CODE")?.column(of: " limit"),
        let line = closes.lines.first(where: { $0.contains(#/^▸1009 /#) })
      else { return false }
      return line.dropFirst(end + 5).first == "1"
    }
    #expect(try await engine.closes(1009, by: "limit") == 1)
  }

  @Test("q leaves the engine and its sessions as they are", arguments: sizes)
  func leave(columns: Int, rows: Int) async throws {
    let engine = try await Engine.start()
    let console = try await Terminal.console(engine, columns: columns, rows: rows)
    let client = try await Client.connect(engine.url("/ws/echo"))
    try await console.wait("a session") { $0.sessionLines.count == 1 }
    try await console.press("q")
    #expect(try await console.exitCode() == 0)
    try await client.send("still here")
    #expect(try await client.receive() == .text("still here"))
    try await engine.reaches(openCount: 1)
  }
}
