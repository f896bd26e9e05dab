import Foundation
import TestCertificates
import TestSupport
import Testing

@Suite(
  "The console and the commands on an engine elsewhere", .workspace, .limited,
  .timeLimit(.minutes(15)))
struct RemoteConsoleTests {
  /// An engine with a TLS control listener, and what belongs to it.
  private struct Remote {
    let certificates: TestCertificates
    let engine: Engine
    let port: Int

    static let tokens = [
      "view": "view-0123456789abcdef", "operate": "operate-0123456789abcdef",
    ]

    static func start() async throws -> Remote {
      let certificates = try TestCertificates()
      _ = try certificates.make()
      for (role, token) in tokens { try secret("\(token)\n", "\(role).token") }
      try secret(
        "view vera \(tokens["view"] ?? "")\noperate olga \(tokens["operate"] ?? "")\n", "tokens")
      let engine = try await start(certificates, port: 0)
      let line = String(decoding: engine.process.output, as: UTF8.self)
      let match = try #require(line.firstMatch(of: /127\.0\.0\.1:([0-9]+) tls for control/))
      return Remote(
        certificates: certificates, engine: engine, port: try #require(Int(match.1)))
    }

    static func start(_ certificates: TestCertificates, port: Int) async throws -> Engine {
      try await Engine.start(
        "--control-listen", "tls:127.0.0.1:\(port)", "--control-tokens",
        Workspace.current.path("tokens"), "--control-certificate", certificates.path("test.pem"),
        "--control-private-key", certificates.path("test.key"), "--set", "ping-interval=off")
    }

    static func secret(_ text: String, _ name: String) throws {
      try Workspace.current.write(text.utf8, to: name)
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o600], ofItemAtPath: Workspace.current.path(name))
    }

    /// The words that attach a command to it.
    func words(_ role: String) -> [String] {
      [
        "--connect", "wss://localhost:\(port)", "--token-file",
        Workspace.current.path("\(role).token"), "--ca", certificates.path("test.pem"),
      ]
    }

    func wstop(_ role: String, _ command: String...) async throws -> Outcome {
      try await run(Program.path, command + words(role))
    }

    func console(_ role: String, columns: Int = 120) async throws -> Terminal {
      let terminal = try await Terminal.open(
        columns: columns, rows: 30, words: [Program.path, "top"] + words(role))
      try await terminal.wait(for: "wstop \(engine.name)")
      return terminal
    }
  }

  @Test("view sees the sessions; X, m, t and a limit are refused with a sentence, nothing happens")
  func view() async throws {
    let remote = try await Remote.start()
    let client = try await Client.connect(remote.engine.url("/ws/echo"))
    let console = try await remote.console("view")
    try await console.wait(for: "127.0.0.1:\(client.port)", "read-only", "/ws/echo")
    for key in ["X", "m", "t"] {
      try await console.press(key)
      try await console.wait(
        for: "your token has the role view, nothing was done", without: ["Close 1", "Send to"])
      try await console.press("Z", "Z")
      try await console.wait(for: "running again")
    }
    try await console.type(":stop")
    try await console.press("Enter")
    try await console.wait(for: "your token has the role view, nothing was done")
    try await client.send("alive")
    #expect(try await client.receive() == .text("alive"))
    #expect(try await remote.engine.openCount() == 1)
    try await console.press("q")
    #expect(try await console.exitCode() == 0)
  }

  @Test("operate closes: the client saw the code, the log names the actor, the notice the command")
  func operate() async throws {
    let remote = try await Remote.start()
    let client = try await Client.connect(remote.engine.url("/ws/echo"))
    let console = try await remote.console("operate", columns: 200)
    try await console.wait(for: "127.0.0.1:\(client.port)", without: ["read-only"])
    try await console.press("X")
    try await console.wait(for: "Close s-")
    try await console.press("C-u")
    try await console.type("4002")
    try await console.press("Enter")
    try await console.type("from afar")
    try await console.press("Tab")
    try await console.wait(for: "[No]")
    try await console.press("y")
    #expect(try await client.closed() == Client.Close(4002, "from afar"))
    try await console.wait(
      for: "closed 1",
      "$ wstop close --connect wss://localhost:\(remote.port) --token-file /")
    try await console.press("6")
    try await console.wait(for: "by olga (operate) at 127.0.0.1:", "with 4002")
    let history = try await remote.engine.wstop("history", "--kind", "act")
    #expect(history.text.contains("olga (operate) at 127.0.0.1:"))
  }

  @Test("The console comes back over TLS when the engine does")
  func reconnects() async throws {
    let remote = try await Remote.start()
    let console = try await remote.console("view")
    remote.engine.process.signal(SIGKILL)
    try await console.wait(for: "LOST")
    try await remote.engine.process.waitForExit()
    // A connection of another program may have the port for a while.
    let next = try await eventually("an engine at the same port") {
      try? await Remote.start(remote.certificates, port: remote.port)
    }
    try await console.wait(forEndOf: "LOST")
    let client = try await Client.connect(next.url("/ws/echo"))
    try await console.wait(for: "127.0.0.1:\(client.port)")
    // A token that holds no longer is told, and the last picture stays.
    try Remote.secret("operate olga \(Remote.tokens["operate"] ?? "")\n", "tokens")
    #expect(try await next.wstop("reload").text.contains("1 token of the control API"))
    try await console.wait(for: "LOST", "127.0.0.1:\(client.port)")
    try await console.wait(for: "the engine does not know the token")
    try await console.press("q")
    #expect(try await console.exitCode() == 0)
  }

  @Test("Every command looks and acts from elsewhere as its role allows")
  func commands() async throws {
    let remote = try await Remote.start()
    let client = try await Client.connect(remote.engine.url("/ws/echo"))
    let id = try await remote.engine.id(of: client)
    for command in [
      ["stats"], ["sessions"], ["show", id], ["limits"], ["acts"], ["closes"], ["routes", "--now"],
      ["rooms", "--now"], ["history"], ["events"], ["version"],
    ] {
      let outcome = try await run(Program.path, command + remote.words("view"))
      #expect(outcome.exitCode == 0, "\(command): \(outcome)")
    }
    #expect(try await remote.wstop("view", "sessions").text.contains(id))
    for command in [
      ["close", id], ["close", "--filter", "state=open", "--dry-run"], ["send", id, "--ping"],
      ["limits", "set", "sessions=5"], ["limits", "unset", "sessions"], ["reload"], ["stop"],
      ["abort", "1"], ["tap", id],
    ] {
      let outcome = try await run(Program.path, command + remote.words("view"))
      #expect(
        outcome.failed(1, "the role view", "wants the role operate"), "\(command): \(outcome)")
    }
    #expect(try await remote.wstop("operate", "send", id, "--text", "hello").exitCode == 0)
    #expect(try await client.receive() == .text("hello"))
    #expect(
      try await remote.wstop("operate", "close", "--filter", "state=open", "--yes").exitCode == 0)
    #expect(try await client.closed() == Client.Close(1000))
    #expect(try await remote.wstop("operate", "limits", "set", "sessions=5").exitCode == 0)
    let limited = try await remote.wstop("operate", "stop", "--read-only")
    #expect(limited.failed(1, "--read-only"))
    #expect(try await remote.wstop("operate", "stop").exitCode == 0)
    try await remote.engine.process.waitForExit()
    #expect(try await remote.wstop("view", "stats").failed(69, "no engine listens at wss://"))
  }

  @Test("A token that others may read, a wrong one and another certificate are each one line")
  func refusals() async throws {
    let remote = try await Remote.start()
    try Remote.secret("wrong-0123456789abcdef\n", "wrong.token")
    #expect(
      try await remote.wstop("wrong", "top").failed(1, "the engine does not know the token"))
    try Remote.secret("short\n", "short.token")
    #expect(try await remote.wstop("short", "stats").failed(64, "short.token: wants one line"))
    chmod(Workspace.current.path("view.token"), 0o644)
    #expect(
      try await remote.wstop("view", "stats").failed(64, "view.token", "0644", "wants 0600"))
    let untrusted = try await wstop(
      "stats", "--connect", "wss://localhost:\(remote.port)", "--token-file",
      Workspace.current.path("operate.token"))
    #expect(untrusted.failed(1, "certificate is not accepted", "--ca"))
    chmod(Workspace.current.path("tokens"), 0o644)
    let serve = try await wstop(
      "serve", "--name", "y", "--listen", "127.0.0.1:0", "--control-listen", "tls:127.0.0.1:0",
      "--control-tokens", Workspace.current.path("tokens"), "--control-certificate",
      remote.certificates.path("test.pem"), "--control-private-key",
      remote.certificates.path("test.key"))
    #expect(serve.failed(1, "tokens", "0644"))
  }
}
