import Foundation
import TestSupport
import Testing

@Suite(
  "The console is stopped and goes on", .workspace, .limited, .timeLimit(.minutes(15)))
struct StoppingTests {
  /// A console in a shell with jobs, and the number of its process.
  private func start(_ engine: Engine) async throws -> (shell: Terminal, process: pid_t) {
    let shell = try await Terminal.shell()
    try await shell.type("$WSTOP top --name x")
    try await shell.press("Enter")
    try await shell.wait("the sessions") { $0.sessionLines.count == 2 }
    let others = Workspace.current.processes(running: Program.path)
    let process = try #require(others.first { $0 != engine.process.processID })
    return (shell, process)
  }

  private func engine() async throws -> Engine {
    let engine = try await Engine.start("--reactors", "1")
    _ = try await Client.connect(engine.url("/ws/echo"), count: 2)
    return engine
  }

  /// What tmux says of the terminal's modes.
  private func modes(_ shell: Terminal) async throws -> [String: String] {
    var modes: [String: String] = [:]
    for name in ["alternate_on", "mouse_any_flag", "mouse_sgr_flag", "keypad_flag", "cursor_flag"] {
      modes[name] = try await shell.variable(name)
    }
    return modes
  }

  /// Expects that the console has the terminal as it had at its start: keys, mouse and paste work.
  private func expectTaken(
    _ shell: Terminal, _ before: [String: String], _ rubbish: String
  ) async throws {
    try await shell.wait("the sessions, and no \(rubbish)") {
      $0.sessionLines.count == 2 && !$0.contains(rubbish)
        && $0.lines.first?.hasPrefix(" wstop x") == true
    }
    try await until("the modes are those of the start") { try await modes(shell) == before }
    let rows = try await shell.screen().sessionLines
    let first = try #require(rows.first?.firstMatch(of: #/s-[0-9a-z]+/#)?.output)
    let last = try #require(rows.last?.firstMatch(of: #/s-[0-9a-z]+/#)?.output)
    try await shell.press("Down")
    try await shell.wait("the arrow down") { $0.line(with: "▸")?.contains(last) == true }
    try await shell.press("Up")
    try await shell.wait("the arrow up") { $0.line(with: "▸")?.contains(first) == true }
    // Pasted text presses no key, the one that leaves included.
    try await shell.paste("q\nXy?")
    try await shell.press("Down")
    try await shell.wait("the sessions still") {
      $0.line(with: "▸")?.contains(last) == true && !$0.contains("Close?")
    }
    try await shell.press("Up")
    try await shell.wait("the first again") { $0.line(with: "▸")?.contains(first) == true }
  }

  private func expectGiven(_ shell: Terminal) async throws {
    try await until("the shell has the terminal") {
      let modes = try await modes(shell)
      return modes["alternate_on"] == "0" && modes["mouse_any_flag"] == "0"
        && modes["cursor_flag"] == "1"
    }
    // A mark of its own each time: what was said before is still on the screen.
    let mark = "shell-\(Workspace.current.nextNumber())"
    try await shell.type("echo \(mark)$(stty -a | grep -o ' -*icanon')")
    try await shell.press("Enter")
    try await shell.wait(for: "\(mark) icanon")
  }

  @Test("^Z and SIGTSTP from outside give the terminal to the shell, and fg takes it again")
  func stopped() async throws {
    let engine = try await engine()
    let (shell, process) = try await start(engine)
    let before = try await modes(shell)
    #expect(before["alternate_on"] == "1" && before["mouse_any_flag"] == "1")
    for round in 0..<4 {
      if round % 2 == 0 {
        try await shell.press("C-z")
      } else {
        kill(process, SIGTSTP)
      }
      try await expectGiven(shell)
      try await shell.type("fg")
      try await shell.press("Enter")
      try await expectTaken(shell, before, "shell-")
    }
    try await shell.press("q")
    try await expectGiven(shell)
  }

  @Test("After SIGSTOP, whatever a shell made of the terminal meanwhile, all of it is taken again")
  func frozen() async throws {
    let engine = try await engine()
    let (shell, process) = try await start(engine)
    let before = try await modes(shell)
    kill(process, SIGSTOP)
    // The shell's own settings: no alternate screen, no mouse, no brackets, no keypad.
    try await shell.type(
      #"stty sane; printf '\033[?1049l\033[?1000l\033[?1006l\033[?2004l\033[?1l\033>rubbish\n'"#)
    // The console's settings hold: Enter is no end of a line.
    try await shell.press("C-j")
    try await shell.wait(for: "rubbish")
    try await shell.type("fg")
    try await shell.press("Enter")
    try await expectTaken(shell, before, "rubbish")
    try await shell.press("q")
    try await expectGiven(shell)
  }

  @Test("SIGCONT alone repaints, and sets every mode again")
  func continued() async throws {
    let engine = try await engine()
    let (shell, process) = try await start(engine)
    let before = try await modes(shell)
    let path = try await shell.variable("pane_tty")
    let rubbish = "\u{1B}[?1000l\u{1B}[?1006l\u{1B}[?2004l\u{1B}[?1l\u{1B}>\u{1B}[Hrubbish"
    let terminal = try #require(FileHandle(forWritingAtPath: path))
    try terminal.write(contentsOf: Data(rubbish.utf8))
    try await shell.wait(for: "rubbish")
    kill(process, SIGCONT)
    try await expectTaken(shell, before, "rubbish")
  }

  @Test("In the background it leaves the terminal to the shell until it is called back")
  func background() async throws {
    let engine = try await engine()
    let (shell, process) = try await start(engine)
    let before = try await modes(shell)
    kill(process, SIGTSTP)
    try await expectGiven(shell)
    try await shell.type("clear; bg; sleep 0.3; kill -CONT %1; sleep 0.3; echo still here")
    try await shell.press("Enter")
    try await shell.wait { $0.lines.contains("still here") }
    try await expectGiven(shell)
    try await shell.type("fg")
    try await shell.press("Enter")
    try await expectTaken(shell, before, "still here")
  }

  @Test("A paste that a stop cuts off presses no key afterwards, and none is dead")
  func cutPaste() async throws {
    let engine = try await engine()
    let (shell, process) = try await start(engine)
    let before = try await modes(shell)
    try await shell.type("\u{1B}[200~qqq")
    try await shell.press("Down")
    // By its next answer tmux has written them.
    _ = try await shell.variable("pane_tty")
    kill(process, SIGTSTP)
    try await expectGiven(shell)
    try await shell.type("fg")
    try await shell.press("Enter")
    try await expectTaken(shell, before, "shell-")
  }

  @Test("A size that changes while it is stopped is the size of the next picture")
  func resized() async throws {
    let engine = try await engine()
    let (shell, process) = try await start(engine)
    kill(process, SIGTSTP)
    try await expectGiven(shell)
    try await shell.resize(columns: 60, rows: 12)
    try await shell.type("fg")
    try await shell.press("Enter")
    try await shell.wait("the small picture") {
      $0.sessionLines.count == 2 && $0.lines.count == 12
        && $0.lines.allSatisfy { $0.count <= 60 } && $0.lines.last?.contains("Enter") == true
    }
  }

  @Test(
    "The terminal alone says how large it is, whatever LINES and COLUMNS are",
    arguments: [("10", "40"), ("200", "500"), ("0", "x"), ("", "")])
  func environment(lines: String, columns: String) async throws {
    let engine = try await engine()
    let console = try await Terminal.console(
      engine, columns: 100, rows: 30, environment: ["LINES": lines, "COLUMNS": columns])
    func wait(columns: Int, rows: Int) async throws {
      try await console.wait("a whole picture of \(columns)×\(rows)") { screen in
        screen.lines.count == rows && screen.lines.last?.contains("Enter details") == true
          && screen.line(with: "ADDRESS")?.contains("BACKLOG") == true
          && screen.sessionLines.count == 2
      }
    }
    try await wait(columns: 100, rows: 30)
    try await console.press("X")
    try await console.wait("the dialog in the middle of the terminal") { screen in
      screen.line(with: "Close?")?.column(of: "Close?").map { (10...60).contains($0) } == true
        && screen.contains("Yes, close")
    }
    try await console.press("Escape")
    try await console.resize(columns: 90, rows: 26)
    try await wait(columns: 90, rows: 26)
  }
}
