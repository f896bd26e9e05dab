import Foundation
import TestSupport
import Testing

@Suite("The console's manners on a terminal", .workspace, .limited, .timeLimit(.minutes(15)))
struct ConsoleMannersTests {
  /// Starts the console from a shell, as a person does.
  private func consoleInShell(_ engine: Engine) async throws -> Terminal {
    let shell = try await Terminal.shell()
    try await shell.type("stty -a > before; $WSTOP top --name x; echo left $?; stty -a > after")
    try await shell.press("Enter")
    try await shell.wait(for: "wstop x")
    try await shell.wait(for: "no sessions yet")
    #expect(try await shell.variable("alternate_on") == "1")
    return shell
  }

  /// Expects that the console has left the terminal as it found it.
  private func expectRestored(_ shell: Terminal, exitCode: Int) async throws {
    try await shell.wait(for: "left \(exitCode)", without: ["no sessions yet", "wstop:"])
    #expect(try await shell.variable("alternate_on") == "0")
    #expect(try await shell.variable("mouse_any_flag") == "0")
    #expect(try await shell.variable("cursor_flag") == "1")
    try await shell.type("echo typed and seen > /dev/tty; echo done > done")
    try await shell.press("Enter")
    try await until("the shell is done") {
      FileManager.default.fileExists(atPath: "\(Workspace.current.directory)/done")
    }
    try await shell.wait("what was typed") { $0.lines.contains("typed and seen") }
    let contents = ["before", "after"].map {
      FileManager.default.contents(atPath: Workspace.current.path($0))
    }
    let before = try #require(contents.first)
    #expect(before != nil && contents == [before, before])
  }

  @Test("It leaves the terminal as it found it", arguments: [["q"], ["C-c"], [":", "q", "Enter"]])
  func restored(keys: [String]) async throws {
    let engine = try await Engine.start()
    let shell = try await consoleInShell(engine)
    for key in keys { try await shell.press(key) }
    try await expectRestored(shell, exitCode: 0)
  }

  @Test(
    "A signal ends it with the terminal as it was",
    arguments: [SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2])
  func signals(number: Int32) async throws {
    let engine = try await Engine.start()
    let shell = try await consoleInShell(engine)
    let others = Workspace.current.processes(running: Program.path)
      .filter { $0 != engine.process.processID }
    #expect(others.count == 1)
    for id in others { kill(id, number) }
    try await expectRestored(shell, exitCode: 128 + Int(number))
    #expect(engine.process.exitCode == nil)
  }

  @Test("^Z gives the terminal to the shell, fg brings the picture back")
  func suspend() async throws {
    let engine = try await Engine.start()
    let shell = try await Terminal.shell()
    try await shell.type("$WSTOP top --name x")
    try await shell.press("Enter")
    try await shell.wait(for: "no sessions yet")
    try await shell.press("C-z")
    try await until("the shell has the terminal") {
      try await shell.variable("alternate_on") == "0"
    }
    try await shell.type("echo in the shell; stty -a | grep -o ' -*icanon'")
    try await shell.press("Enter")
    try await shell.wait { $0.lines.contains("in the shell") && $0.lines.contains(" icanon") }
    _ = try await Client.connect(engine.url("/ws/echo"))
    try await shell.type("fg")
    try await shell.press("Enter")
    try await shell.wait("a session") {
      $0.sessionLines.count == 1 && !$0.contains("in the shell")
    }
    #expect(try await shell.variable("alternate_on") == "1")
    try await shell.press("q")
    try await until("the shell has the terminal") {
      try await shell.variable("alternate_on") == "0"
    }
  }

  @Test("It fits whatever size the terminal gets, and leaves no rubbish behind")
  func resize() async throws {
    // A ping would show a round trip.
    let engine = try await Engine.start("--set", "ping-interval=off")
    let console = try await Terminal.console(engine)
    _ = try await Client.connect(engine.url("/ws/echo"), count: 2)
    try await console.wait("two sessions") { $0.sessionLines.count == 2 }
    try await console.press("Z")
    let before = try await console.wait(for: "PAUSED")
    for (columns, rows) in [(20, 5), (40, 10), (200, 50), (1, 1), (80, 2), (2, 24)] {
      try await console.resize(columns: columns, rows: rows)
      try await console.press("C-l")
      guard columns >= 20, rows >= 5 else { continue }
      try await console.wait("a picture of \(columns)×\(rows)") { screen in
        screen.lines.count <= rows && screen.lines.allSatisfy { $0.count <= columns }
          && screen.sessionLines.count == 2 && screen.lines.first?.hasPrefix(" wstop x") == true
          && screen.lines.count { $0.contains("wstop x") } == 1
      }
    }
    try await console.resize(columns: 80, rows: 24)
    // The notice of the pause goes by itself. Other rows were asked for meanwhile, so durations and
    // the graphs of the rates are newer.
    func withoutTime(_ screen: Screen) -> [String] {
      screen.lines.prefix(20).map { line in
        line.replacing(#/ +[0-9.]+(ms|s|m[0-9]+s)/#, with: " -")
          .replacing(#/[ ▁▂▃▄▅▆▇█]+/#, with: " ")
      }
    }
    let after = try await console.wait("the picture as it was:\n\(before)\nnow") {
      withoutTime($0) == withoutTime(before)
    }
    #expect(after.contains("PAUSED"))
    try await console.press("q")
    #expect(try await console.exitCode() == 0)
  }

  @Test("Help lists the keys, those of the screen first, and scrolls")
  func help() async throws {
    let engine = try await Engine.start()
    let console = try await Terminal.console(engine)
    try await console.wait(for: "no sessions yet")
    for key in ["?", "F1", "h"] {
      try await console.press(key)
      let help = try await console.wait(for: "Keys, those of Sessions first")
      #expect(help.matches(#/Enter d +show all that is known of the session/#))
      try await console.press("G")
      try await console.wait { $0.matches(#/[0-9]+–([0-9]+) of \1/#) }
      try await console.press("Escape")
      try await console.wait(for: "no sessions yet")
    }
  }

  @Test("Sessions are sorted by any column, and the order can be reversed")
  func sort() async throws {
    let engine = try await Engine.start()
    let console = try await Terminal.console(engine)
    let clients = try await Client.connect(engine.url("/ws/echo"), count: 3)
    for (client, size) in zip(clients, [50, 3000, 1]) {
      try await client.send(byteCount: size)
      _ = try await client.receive()
    }
    func order(_ ports: [Int]) async throws {
      try await console.wait("the order \(ports)") { screen in
        let lines = screen.sessionLines
        return lines.count == 3
          && zip(lines, ports).allSatisfy { $0.contains("127.0.0.1:\($1) ") }
      }
    }
    let ports = clients.map(\.port)
    try await console.press("F6")
    try await console.wait(for: "Sort by")
    try await console.type("in.bytes")
    try await console.wait(for: "▸ in.bytes ")
    try await console.press("Enter")
    try await console.wait(for: "sort in.bytes ▼")
    try await order([ports[1], ports[0], ports[2]])
    try await console.press("I")
    try await console.wait(for: "sort in.bytes ▲")
    try await order([ports[2], ports[0], ports[1]])
    try await console.press(">")
    try await console.wait(for: "sort out.bytes")
    try await console.press("<")
    try await console.wait(for: "sort in.bytes")
  }

  @Test("Enter shows all that is known of a session, and that it closed")
  func details() async throws {
    let engine = try await Engine.start()
    let console = try await Terminal.console(engine, columns: 100, rows: 60)
    let client = try await Client.connect(
      engine.url("/ws/chat/lobby?token=abc"), headers: ["X-Trace": "t-1"])
    try await console.wait("a session") { $0.sessionLines.count == 1 }
    try await console.press("Enter")
    let page = try await console.wait(
      for: "Limits in force", "127.0.0.1:\(client.port)", "Rooms (1)", "X-Trace: t-1")
    #expect(page.matches(#/path +\/ws\/chat\/lobby/#))
    #expect(page.matches(#/route +\/ws\/chat\/\{room\}/#))
    #expect(page.matches(#/query +token=‹redacted 3 B›/#))
    #expect(page.matches(#/user agent +Python/#))
    try await client.close()
    try await console.wait(for: "with 1000 normal closure, by peer")
    try await console.press("q")
    try await console.wait(for: "no sessions yet")
  }

  @Test("NO_COLOR means no colour, and everything else stays")
  func noColour() async throws {
    let engine = try await Engine.start()
    _ = try await Client.connect(engine.url("/ws/echo"))
    let colourful = try await Terminal.console(engine)
    try await colourful.wait("a session") { $0.sessionLines.count == 1 }
    #expect(Style.colours(in: try await colourful.styledScreen()).isEmpty == false)
    let plain = try await Terminal.console(engine, environment: ["NO_COLOR": "1"])
    try await plain.wait("a session") { $0.sessionLines.count == 1 }
    #expect(Style.colours(in: try await plain.styledScreen()).isEmpty)
  }

  @Test("Where the locale has no UTF-8 the picture is ASCII", arguments: ["C", "POSIX"])
  func ascii(locale: String) async throws {
    let engine = try await Engine.start()
    _ = try await Client.connect(engine.url("/ws/chat/caf%C3%A9"))
    let console = try await Terminal.console(
      engine, environment: ["LANG": locale, "LC_ALL": locale])
    try await console.wait("a session") { $0.sessionLines.count == 1 }
    for key in ["2", "3", "4", "6", "1", "Enter", "q", "X"] {
      try await console.press(key)
      #expect(try await console.screen().text.allSatisfy(\.isASCII), "after \(key)")
    }
    try await console.wait(for: "Close?")
    #expect(try await console.screen().text.allSatisfy(\.isASCII))
  }

  @Test(
    "A terminal that cannot show it is one clear line and exit code 1",
    arguments: [
      ("dumb", "cannot move its cursor"), ("no-such-terminal", "no-such-terminal"), ("", "TERM"),
    ])
  func terminals(name: String, words: String) async throws {
    let engine = try await Engine.start()
    let shell = try await Terminal.shell()
    try await shell.type("clear; TERM=\(name) $WSTOP top --name \(engine.name); echo left $?")
    try await shell.press("Enter")
    let screen = try await shell.wait(for: "left 1")
    let lines = screen.lines.prefix { $0 != "left 1" }.joined()
    #expect(lines.hasPrefix("wstop: "), "\(screen)")
    #expect(lines.contains(words))
    #expect(try await shell.variable("alternate_on") == "0")
  }

  @Test("Not a terminal: exit 64 and what to use instead", arguments: ["top", "attach", "demo"])
  func notATerminal(command: String) async throws {
    let engine = try await Engine.start()
    let arguments = command == "demo" ? ["demo"] : [command, "--name", engine.name]
    let outcome = try await run(Program.path, arguments)
    #expect(
      outcome.failed(64, "terminal", command == "demo" ? "wstop serve" : "wstop sessions"),
      "\(outcome)")
  }
}
