import Foundation
import TestSupport
import Testing

@Suite("Mouse, themes and keys of one's own", .workspace, .limited, .timeLimit(.minutes(15)))
struct AppearanceTests {
  /// What a terminal sends for the mouse, in columns and rows from 1.
  private func report(_ button: Int, column: Int, row: Int) -> String {
    "\u{1B}[<\(button);\(column);\(row)M"
  }

  /// Clicks on a text of the screen.
  private func click(_ text: String, _ console: Terminal) async throws {
    let screen = try await console.wait(for: text)
    let row = try #require(screen.lines.firstIndex { $0.contains(text) })
    let column = try #require(screen.lines.at(row).column(of: text))
    try await console.type(report(0, column: column + 1, row: row + 1))
  }

  private func configure(_ text: String) throws {
    try FileManager.default.createDirectory(
      atPath: Workspace.current.path(".config/wstop"), withIntermediateDirectories: true)
    try Workspace.current.write(text.utf8, to: ".config/wstop/console.conf")
  }

  @Test("Rows, headings, tabs, the footer and a dialog's buttons can be clicked")
  func clicks() async throws {
    let engine = try await Engine.start("--reactors", "1")
    let console = try await Terminal.console(engine, columns: 120)
    let clients = try await Client.connect(engine.url("/ws/echo"), count: 3)
    try await console.wait("three sessions") { $0.sessionLines.count == 3 }
    #expect(try await console.variable("mouse_sgr_flag") == "1")
    let id = try await engine.id(of: clients[2])
    try await click("\(id) ", console)
    try await console.wait { $0.line(with: "▸")?.contains("\(id) ") == true }
    try await click("MSG IN", console)
    try await console.wait(for: "sort in.messages ▼")
    try await click("MSG IN", console)
    try await console.wait(for: "sort in.messages ▲")
    try await click("X close", console)
    try await console.wait(for: "Close \(id)")
    try await click("No ", console)
    try await console.wait(forEndOf: "Close?")
    try await click("X close", console)
    try await console.wait(for: "Close \(id)")
    try await click("Yes, close", console)
    #expect(try await clients[2].closed().code == 1000)
    try await click("3 Closes", console)
    try await console.wait(for: "CODE")
    try await click("1 Sessions", console)
    try await console.wait("two sessions") { $0.sessionLines.count == 2 }
    try await click("? help", console)
    try await console.wait(for: "Keys, those of Sessions first")
    try await console.type(report(65, column: 5, row: 10))
    try await console.wait { $0.matches(#/ 4–/#) }
    try await click("q back", console)
    try await console.wait("two sessions") { $0.sessionLines.count == 2 }
  }

  @Test("M leaves the mouse to the terminal, and leaving the console does too")
  func mouseOff() async throws {
    let engine = try await Engine.start()
    let shell = try await Terminal.shell()
    try await shell.type("$WSTOP top --name x; echo left $?")
    try await shell.press("Enter")
    try await shell.wait(for: "no sessions yet")
    #expect(try await shell.variable("mouse_any_flag") == "1")
    try await shell.press("M")
    try await shell.wait(for: "selects text")
    #expect(try await shell.variable("mouse_any_flag") == "0")
    try await shell.press("M")
    try await shell.wait(for: "the console's again")
    #expect(try await shell.variable("mouse_any_flag") == "1")
    try await shell.press("q")
    try await shell.wait(for: "left 0")
    #expect(try await shell.variable("mouse_any_flag") == "0")
    try await shell.type("clear; $WSTOP top --name x --no-mouse")
    try await shell.press("Enter")
    try await shell.wait(for: "no sessions yet")
    #expect(try await shell.variable("mouse_any_flag") == "0")
    _ = engine
  }

  @Test("Each theme has its colours; mono has none")
  func themes() async throws {
    let engine = try await Engine.start()
    _ = try await Client.connect(engine.url("/ws/echo"))
    var pictures: [String: [Int]] = [:]
    for theme in ["dark", "light", "mono", "contrast"] {
      let console = try await Terminal.open(
        words: [Program.path, "top", "--name", engine.name, "--theme", theme])
      try await console.wait("a session") { $0.sessionLines.count == 1 }
      pictures[theme] = Style.colours(in: try await console.styledScreen())
      try await console.press("q")
      _ = try await console.exitCode()
    }
    #expect(pictures["mono"] == [])
    #expect(Set(pictures.values).count == 4)
    let refused = try await run(
      Program.path, ["top", "--name", engine.name, "--theme", "drak"])
    #expect(refused.failed(64, "drak", "dark light mono contrast"), "\(refused)")
  }

  @Test("^T goes through the themes while it runs; a theme in the file goes before NO_COLOR")
  func cycle() async throws {
    let engine = try await Engine.start()
    _ = try await Client.connect(engine.url("/ws/echo"))
    try configure("theme = contrast\n")
    let console = try await Terminal.console(engine, environment: ["NO_COLOR": "1"])
    try await console.wait("a session") { $0.sessionLines.count == 1 }
    #expect(Style.colours(in: try await console.styledScreen()).isEmpty == false)
    for theme in ["dark", "light", "mono"] {
      try await console.press("C-t")
      try await console.wait(for: "theme \(theme);")
    }
    try await until("no colour is left") {
      Style.colours(in: try await console.styledScreen()).isEmpty
    }
  }

  @Test("Keys of one's own work, are named, and what is wrong is told with its line")
  func keys() async throws {
    let engine = try await Engine.start()
    try configure("# mine\nkeys.pause = p\nkeys.close = q\nkeys.help = F12\n")
    let console = try await Terminal.console(engine, columns: 140)
    try await console.wait(for: "console.conf: line 3: q would mean two things")
    try await console.press("p")
    try await console.wait(for: "paused: p lets it run again")
    try await console.press("Z")
    try await console.press("F12")
    try await console.wait(for: "Keys, those of Sessions first")
    try await console.press("q", "p")
    try await console.wait(for: "running again")
    let plain = try await run(Program.path, ["keys"])
    #expect(plain.exitCode == 1)
    #expect(plain.text.contains("pause\tp\t"))
    #expect(try await run(Program.path, ["keys", "--csv"]).text.contains("pause,p,"))
    #expect(plain.errors.contains("line 3: q would mean two things"))
  }

  @Test("A storm of sizes and keys leaves a whole picture, down to 20×5")
  func storm() async throws {
    let engine = try await Engine.start()
    let console = try await Terminal.console(engine)
    _ = try await Client.connect(engine.url("/ws/echo"), count: 3)
    try await console.wait("three sessions") { $0.sessionLines.count == 3 }
    let sizes = [(20, 5), (200, 50), (1, 1), (81, 7), (40, 10), (3, 40), (132, 43), (21, 6)]
    for round in 0..<40 {
      let (columns, rows) = sizes[round % sizes.count]
      try await console.resize(columns: columns, rows: rows)
      let keys = ["F2", "Escape", "r", "?", "q", "4", "1", "/", "Tab", "Escape"]
      try await console.press(keys[round % keys.count])
    }
    try await console.press("Escape", "Escape", "1", "Escape")
    try await console.resize(columns: 20, rows: 5)
    try await console.wait("the smallest picture") {
      $0.lines.count <= 5 && $0.sessionLines.count >= 2
        && $0.lines.allSatisfy { $0.count <= 20 } && $0.lines.first?.hasPrefix(" wstop x") == true
    }
    try await console.resize(columns: 80, rows: 24)
    try await console.wait("the whole picture") {
      $0.sessionLines.count == 3 && $0.contains("[1 Sessions] 2") && $0.contains("Enter details")
    }
    try await console.press("q")
    #expect(try await console.exitCode() == 0)
  }
}
