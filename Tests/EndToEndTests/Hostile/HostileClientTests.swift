import Foundation
import TestSupport
import Testing

@Suite(
  "A hostile client cannot reach the operator's terminal", .workspace, .limited,
  .timeLimit(.minutes(15)))
struct HostileClientTests {
  /// Text that a terminal would obey: a cleared screen, a title, a bell, colours in 8-bit form,
  /// reversed text, joined and stacked characters.
  static let poison =
    "\u{1B}[2J\u{1B}]0;owned\u{07}\u{9B}31m\u{202E}abc\u{200D}\u{FEFF}e\u{301}\u{302}日本🎈\r\n"

  /// The same, percent-encoded as a path or query may carry it.
  static let encoded =
    poison.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()

  /// Values of header fields that HTTP permits: no control below 0x80, and anything above.
  static let agents: [[UInt8]] = [
    Array("\u{9B}31m\u{85}x".utf8), [0x9B, 0x33, 0x31, 0x6D, 0xFF, 0xC3, 0x28],
    Array("\u{202E}gpj.exe \u{2066}日本🎈 e\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}".utf8),
    Array(repeating: 0xF0, count: 300), Array(String(repeating: "日", count: 200).utf8),
  ]

  @Test("Paths, queries and agents are escaped on every screen, and nothing shifts")
  func console() async throws {
    // Raw clients answer no pings, and are looked at for long.
    let engine = try await Engine.start("--set", "ping-interval=off")
    let console = try await Terminal.console(engine, columns: 200, rows: 50)
    let title = try await console.variable("pane_title")
    let plain = try await Client.connect(engine.url("/ws/echo"))
    var clients: [RawClient] = []
    for agent in Self.agents {
      let client = try await RawClient.connect(engine)
      let target = "/ws/chat/\(Self.encoded)?q=\(Self.encoded)%00%ff%c3%28"
      let status = try await client.open(
        Array(target.utf8), fields: [("User-Agent", agent), ("X-Poison", agent)])
      #expect(status == 101)
      clients.append(client)
    }
    for path in ["/ws/chat/%E6%97%A5%E6%9C%AC", "/ws/chat/%1B%5B2J%C2%9B31m"] {
      let client = try await RawClient.connect(engine)
      #expect(
        try await client.open(Array(path.utf8), fields: [("User-Agent", Self.agents[0])]) == 101)
      clients.append(client)
    }
    let screen = try await console.wait("all sessions") {
      $0.sessionLines.count == clients.count + 1
    }
    // Every row has its address under the heading, so nothing moved the cursor.
    let heading = try #require(screen.line(with: "ADDRESS"))
    for line in screen.sessionLines {
      #expect(line.column(of: "127.0.0.1:") == heading.column(of: "ADDRESS"), "\(line)")
    }
    try await expectSound(console, title: title)
    for client in clients {
      let id = try await eventually("a session of port \(client.port)") {
        try await engine.sessions().first { $0["port"]?.int == client.port }?["id"]?.string
      }
      try await console.press("/")
      try await console.wait(for: "filter:")
      try await console.press("C-u")
      try await console.type("id=\(id)")
      try await console.press("Enter")
      try await console.wait("session \(id)") {
        $0.sessionLines.count == 1 && $0.sessionLines.first?.contains("\(id) ") == true
      }
      try await console.press("Enter")
      let page = try await console.wait(for: "Limits in force")
      // The session that the line showed, right after the filter has changed.
      #expect(page.contains("Session \(id)  open"))
      try await expectSound(console, title: title)
      try await console.press("X")
      try await console.wait(for: "Close?")
      try await expectSound(console, title: title)
      try await console.press("Escape")
      try await console.wait(forEndOf: "Close?")
      try await console.press("q")
      try await console.wait(for: "ADDRESS")
    }
    try await plain.send("alive")
    #expect(try await plain.receive() == .text("alive"))
  }

  @Test("Control characters in a request are refused, and no log line is broken by them")
  func refused() async throws {
    let engine = try await Engine.start()
    let targets: [[UInt8]] = [
      Array("/ws/echo\u{1B}[2J".utf8), [0x2F, 0x9B, 0x32, 0x4A], Array("/ws/日本".utf8),
      Array("/ws/echo\u{7F}".utf8), Array("/\u{0}".utf8),
    ]
    for target in targets {
      let client = try await RawClient.connect(engine)
      #expect(try await client.open(target) == 400, "\(target)")
    }
    let client = try await RawClient.connect(engine)
    let status = try await client.open(
      Array("/ws/echo".utf8), fields: [("User-Agent", Array("a\u{1B}[2Jb".utf8))])
    #expect(status == 400)
    try await expectHarmless(engine)
  }

  @Test("A path of 16 KB is refused or shown cut, and costs nobody anything")
  func longPath() async throws {
    let engine = try await Engine.start("--set", "ping-interval=off")
    let console = try await Terminal.console(engine)
    let client = try await RawClient.connect(engine)
    let path = "/ws/chat/" + String(repeating: "%1b", count: 16 * 1024 / 3)
    #expect(try await client.open(Array(path.utf8)) == 431)
    let shorter = try await RawClient.connect(engine)
    let status = try await shorter.open(
      Array(("/ws/chat/" + String(repeating: "x", count: 15_000)).utf8))
    #expect(status == 101)
    let screen = try await console.wait("a session") { $0.sessionLines.count == 1 }
    #expect(screen.lines.allSatisfy { $0.count <= 80 })
    #expect(screen.sessionLines.first?.contains("127.0.0.1:\(shorter.port)") == true)
    try await console.press("Enter")
    try await console.wait(for: "route")
    try await console.press("q")
    try await console.wait("the table") { $0.sessionLines.count == 1 }
    try await expectHarmless(engine)
  }

  @Test("Close reasons and messages with escapes reach no screen and no output raw")
  func reasons() async throws {
    let engine = try await Engine.start()
    let console = try await Terminal.console(engine)
    let title = try await console.variable("pane_title")
    let reason = "\u{1B}[2J\u{07}\u{9B}31m\u{202E}日本🎈"
    let client = try await RawClient.connect(engine)
    #expect(try await client.open(Array("/ws/echo".utf8)) == 101)
    try await client.send(opcode: 1, Array(Self.poison.utf8))
    try await client.send(opcode: 8, [0x0F, 0xA1] + Array(reason.utf8))
    _ = try await client.readToEnd()
    try await until("4001 is counted") { try await engine.closes(4001, by: "peer") == 1 }
    // An operator's own reason and message are shown escaped too.
    let other = try await Client.connect(engine.url("/ws/echo"))
    let id = try await engine.id(of: other)
    #expect(try await engine.wstop("send", id, "--text", Self.poison).exitCode == 0)
    #expect(try await other.receive() == .text(Self.poison))
    #expect(try await engine.wstop("close", id, "--reason", reason).exitCode == 0)
    #expect(try await other.closed() == Client.Close(1000, reason))
    for key in ["1", "2", "3", "6"] {
      try await console.press(key)
      try await console.wait(for: "[\(key) ")
      try await expectSound(console, title: title)
    }
    try await console.wait(for: "closed \(id)", "\\u{1b}[2J")
    try await expectHarmless(engine)
  }

  /// Expects a screen that is the console's own work alone.
  private func expectSound(_ console: Terminal, title: String) async throws {
    try await console.wait("a sound picture") { screen in
      Style.isHarmless(screen.text) && screen.lines.first?.hasPrefix(" wstop x") == true
    }
    // Nothing but colours and attributes, and no line drawn by other means.
    let escapes = try await console.styledScreen().matches(of: #/\u{1B}[^m]*m/#)
    #expect(escapes.allSatisfy { $0.output.wholeMatch(of: #/\u{1B}\[[0-9;:]*m/#) != nil })
    #expect(try await console.variable("pane_title") == title)
    #expect(try await console.variable("window_bell_flag") == "0")
    #expect(try await console.variable("alternate_on") == "1")
  }

  /// Expects that no command and no log has anything that a terminal would obey.
  private func expectHarmless(_ engine: Engine) async throws {
    for command in ["sessions", "events", "stats", "limits"] {
      let outcome = try await engine.wstop(command)
      #expect(outcome.exitCode == 0)
      #expect(Style.isHarmless(outcome.text), "\(command): \(outcome)")
      if command != "events" {
        let json = try await engine.wstop(command, "--json")
        #expect(json.output.allSatisfy { $0 < 0x7F }, "\(command) --json")
      }
    }
    for row in try await engine.sessions() {
      let id = try #require(row["id"]?.string)
      let shown = try await engine.wstop("show", id)
      #expect(shown.exitCode == 0)
      #expect(Style.isHarmless(shown.text), "\(shown)")
    }
    #expect(Style.isHarmless(engine.process.errors))
  }
}
