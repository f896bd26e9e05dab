import Foundation
import TestSupport
import Testing

@Suite("An engine's start and end", .workspace, .limited, .timeLimit(.minutes(15)))
struct EngineLifeTests {
  @Test("B13: a signal to the engine gives every client 1001", arguments: [SIGTERM, SIGINT])
  func signals(number: Int32) async throws {
    let engine = try await Engine.start("--reactors", "2")
    var clients = try await Client.connect(engine.url("/ws/echo"), count: 3)
    clients += try await Client.connect(engine.url("/ws/chat/lobby"), count: 2)
    clients += try await Client.connect(engine.url("/ws/echo-async"), count: 2)
    engine.process.signal(number)
    for client in clients { #expect(try await client.closed().code == 1001) }
    #expect(try await engine.process.waitForExit() == 0)
    #expect(!FileManager.default.fileExists(atPath: Workspace.current.controlSocket("x")))
  }

  @Test("The socket that a killed engine left is replaced at the next start")
  func staleSocket() async throws {
    let engine = try await Engine.start()
    engine.process.signal(SIGKILL)
    try await engine.process.waitForExit()
    #expect(FileManager.default.fileExists(atPath: Workspace.current.controlSocket("x")))
    let outcome = try await engine.wstop("sessions")
    #expect(outcome.failed(69, "no engine"), "\(outcome)")
    let next = try await Engine.start()
    #expect(try await next.openCount() == 0)
  }

  @Test("A port that another engine of the same user has is refused", arguments: ["1", "2"])
  func occupiedPort(reactors: String) async throws {
    let engine = try await Engine.start("--reactors", reactors)
    let address = "127.0.0.1:\(engine.port)"
    let outcome = try await wstop(
      "serve", "--name", "y", "--listen", address, "--reactors", reactors)
    #expect(outcome.failed(1, address, "in use"), "\(outcome)")
    let control = Workspace.current.controlSocket("y")
    #expect(!FileManager.default.fileExists(atPath: control))
    // Nothing was taken from the first one.
    for _ in 0..<8 { _ = try await Client.connect(engine.url("/ws/echo")) }
    try await engine.reaches(openCount: 8)
  }

  @Test("A second engine of the same name is refused")
  func sameName() async throws {
    let engine = try await Engine.start()
    let outcome = try await wstop("serve", "--name", "x", "--listen", "127.0.0.1:0")
    #expect(outcome.failed(1, "already", "x.sock"), "\(outcome)")
    try await engine.reaches(openCount: 0)
  }

  @Test("A control directory that is a link or open to others is refused")
  func directory() async throws {
    let workspace = Workspace.current
    let manager = FileManager.default
    try manager.createDirectory(
      atPath: workspace.path("real"), withIntermediateDirectories: false,
      attributes: [.posixPermissions: 0o700])
    try manager.createSymbolicLink(
      atPath: workspace.path("wstop"), withDestinationPath: workspace.path("real"))
    let link = try await wstop("serve", "--name", "x", "--listen", "127.0.0.1:0")
    #expect(link.failed(1, workspace.path("wstop"), "no directory"), "\(link)")
    try manager.removeItem(atPath: workspace.path("wstop"))
    for mode in [0o755, 0o770] {
      try manager.createDirectory(
        atPath: workspace.path("wstop"), withIntermediateDirectories: false)
      try manager.setAttributes(
        [.posixPermissions: mode], ofItemAtPath: workspace.path("wstop"))
      let open = try await wstop("serve", "--name", "x", "--listen", "127.0.0.1:0")
      #expect(open.failed(1, "0" + String(mode, radix: 8), "0700"), "\(open)")
      let asked = try await wstop("stats", "--name", "x")
      #expect(asked.exitCode != 0, "\(asked)")
      try manager.removeItem(atPath: workspace.path("wstop"))
    }
  }

  @Test("The log goes to the end of a file, if one is named")
  func logFile() async throws {
    let path = Workspace.current.path("log")
    try Workspace.current.write("what was there\n".utf8, to: "log")
    let engine = try await Engine.start("--log-file", path, "--set", "rooms-per-session=0")
    let client = try await Client.connect(engine.url("/ws/chat/lobby"))
    #expect(try await client.closed().code == 1011)
    try await until("the error is in the file") {
      let text = FileManager.default.contents(atPath: path).map {
        String(decoding: $0, as: UTF8.self)
      }
      return text?.hasPrefix("what was there\n") == true && text?.contains("/ws/chat") == true
    }
    #expect(engine.process.errors.isEmpty)
  }

  @Test("A log that was moved away is opened again at SIGHUP and by wstop reload")
  func rotation() async throws {
    let path = Workspace.current.path("log")
    let engine = try await Engine.start("--log-file", path, "--set", "rooms-per-session=0")
    func text(_ name: String) -> String {
      let bytes = FileManager.default.contents(atPath: Workspace.current.path(name)) ?? Data()
      return String(decoding: bytes, as: UTF8.self)
    }
    /// Something that is logged.
    func complain() async throws {
      let client = try await Client.connect(engine.url("/ws/chat/lobby"))
      #expect(try await client.closed().code == 1011)
    }
    try await complain()
    try await until("the first file has a line") { text("log").contains("/ws/chat") }
    try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
    engine.process.signal(SIGHUP)
    try await until("the log is there again") { FileManager.default.fileExists(atPath: path) }
    let size = text("log.1").utf8.count
    try await complain()
    try await until("the second file has a line") { text("log").contains("/ws/chat") }
    try FileManager.default.moveItem(atPath: path, toPath: path + ".2")
    let outcome = try await engine.wstop("reload")
    #expect(
      outcome.exitCode == 0 && outcome.text.contains("log opened again: \(path)"), "\(outcome)")
    try await complain()
    try await until("the third file has a line") { text("log").contains("/ws/chat") }
    #expect(text("log.1").utf8.count == size)
    // Where it cannot be opened the old one goes on, and that is told.
    try FileManager.default.moveItem(atPath: path, toPath: path + ".3")
    #expect(mkfifo(path, 0o600) == 0)
    let failed = try await engine.wstop("reload")
    #expect(failed.errors.contains("a pipe") && failed.errors.contains("the old file"), "\(failed)")
    try await complain()
    try await until("the old file goes on") {
      text("log.3").components(separatedBy: "/ws/chat").count > 2
    }
    let events = try await engine.wstop("events")
    #expect(events.text.contains("opened the log again: \(path)"))
    #expect(events.text.contains("goes to the old file"))
  }

  @Test("What is no file is no log", arguments: ["pipe", "directory"])
  func noLog(kind: String) async throws {
    let path = Workspace.current.path("log")
    #expect((kind == "pipe" ? mkfifo(path, 0o600) : mkdir(path, 0o700)) == 0)
    let outcome = try await wstop(
      "serve", "--name", "x", "--listen", "127.0.0.1:0", "--log-file", path)
    #expect(outcome.failed(1, path, "this is a \(kind)"), "\(outcome)")
    _ = try await Engine.start("--log-file", "/dev/null")
  }

  @Test("A runtime directory of another user is not used, which is said in one line")
  func foreignRuntimeDirectory() async throws {
    // Root's own for everybody else, and for root that of nobody.
    let path = Workspace.current.path("foreign")
    if geteuid() == 0 {
      #expect(mkdir(path, 0o755) == 0 && chown(path, 65_534, 65_534) == 0)
    }
    let directory = geteuid() == 0 ? path : "/root"
    let name = "floor-\(getpid())"
    let fallback = "/tmp/wstop-\(geteuid())"
    let outcome = try await wstop(
      "stats", "--name", name, environment: ["XDG_RUNTIME_DIR": directory])
    let lines = outcome.errors.split(separator: "\n")
    try #require(lines.count == 2, "\(outcome)")
    #expect(lines[0].contains("XDG_RUNTIME_DIR \(directory) belongs to user"))
    #expect(lines[1].contains("\(fallback)/\(name).sock"))
    #expect(outcome.exitCode == 69)
    #expect(!FileManager.default.fileExists(atPath: path + "/wstop"))
    // Where it does not matter nothing is said.
    let own = try await wstop(
      "stats", "--control", "/nonexistent/x", environment: ["XDG_RUNTIME_DIR": directory])
    #expect(own.failed(69, "/nonexistent/x"), "\(own)")
  }

  @Test("An empty variable counts as not set")
  func emptyVariables() async throws {
    var environment = ["XDG_CONFIG_HOME": "", "XDG_STATE_HOME": "", "STATE_DIRECTORY": ""]
    for name in ["WSTOP_MESSAGE_BYTES", "MAX_WS_MESSAGE_BYTES", "WSTOP_IDLE_TIMEOUT", "NO_COLOR"] {
      environment[name] = ""
    }
    let engine = try await Engine.start([], environment: environment)
    let limits = try await engine.wstop("limits")
    #expect(
      limits.rows.contains { $0.first == "message-bytes" && $0.contains("1MiB") }, "\(limits)")
    // Its history is where it is without them; the engine does not wait for it.
    let history = Workspace.current.path(".local/state/wstop/x.history")
    try await until("there is a history") { FileManager.default.fileExists(atPath: history) }
    let none = try await wstop(
      "stats", "--name", "floor-none", environment: ["XDG_RUNTIME_DIR": ""])
    #expect(none.failed(69, "/tmp/wstop-\(geteuid())/floor-none.sock"), "\(none)")
  }

  @Test("A control socket of one's own path serves the same commands")
  func ownPath() async throws {
    let path = Workspace.current.path("own.sock")
    let process = try Workspace.current.start(
      Program.path, ["serve", "--control", path, "--listen", "127.0.0.1:0"])
    try await until("it listens: \(process.errors)") { !process.output.isEmpty }
    let stats = try await wstop("stats", "--control", path, "--json")
    #expect(try JSON(stats.output)["sessions"]?["open"]?.int == 0)
    #expect(try await wstop("stop", "--control", path).exitCode == 0)
    #expect(try await process.waitForExit() == 0)
  }

  @Test(
    "B8: a limit out of range at start is one line with key, value and range, and exit 64",
    arguments: ["abc", "0", "-1", "1.5", "2TiB", "99999999999999999999"])
  func limits(value: String) async throws {
    let flag = try await wstop(
      "serve", "--name", "x", "--listen", "127.0.0.1:0", "--set", "message-bytes=\(value)")
    #expect(flag.failed(64, "message-bytes=\(value)", "1B to 1TiB"), "\(flag)")
    for name in ["WSTOP_MESSAGE_BYTES", "MAX_WS_MESSAGE_BYTES"] {
      let variable = try await wstop(
        "serve", "--name", "x", "--listen", "127.0.0.1:0", environment: [name: value])
      #expect(variable.failed(64, name, "message-bytes", "1B to 1TiB"), "\(variable)")
    }
  }

  @Test("B8: limits are set by the environment and flags, in units, and the inherited names hold")
  func units() async throws {
    let engine = try await Engine.start(
      "--set", "idle-timeout=90s",
      environment: [
        "MAX_WS_MESSAGE_BYTES": "64k", "WS_SEND_CHUNK_BYTES": "1KiB", "WSTOP_PING_INTERVAL": "off",
      ])
    let limits = try await engine.json("limits")["limits"]?.array ?? []
    let values = Dictionary(
      limits.map { ($0["key"]?.string ?? "", $0["value"]?.string ?? "") }
    ) { first, _ in first }
    #expect(values["message-bytes"] == "64KiB")
    #expect(values["fragment-bytes"] == "1KiB")
    #expect(values["ping-interval"] == "off")
    #expect(["90s", "1m30s"].contains(values["idle-timeout"]))
  }

  @Test(
    "Wrong flags of serve are one line and exit 64",
    arguments: [
      ["--listen", "here"], ["--listen", "127.0.0.1:99999"], ["--route", "/x"],
      ["--route", "/x=dance"], ["--route", "x=echo"], ["--route", "/{a=echo"],
      ["--reactors", "0"], ["--reactors", "65"], ["--reactors", "x"], ["--set", "colour=red"],
      ["--set", "message-bytes"], ["--name", "No!"], ["--frobnicate"], ["extra"],
    ])
  func wrongFlags(arguments: [String]) async throws {
    let outcome = try await run(Program.path, ["serve"] + arguments)
    #expect(outcome.failed(64, "wstop: "), "\(outcome)")
  }
}
