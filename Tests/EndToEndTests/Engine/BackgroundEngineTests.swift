import Foundation
import TestSupport
import Testing

@Suite(
  "wstop alone: an engine in the background, and the console on it", .workspace, .serialized,
  .limited, .timeLimit(.minutes(15)))
struct BackgroundEngineTests {
  /// Opens `wstop` alone.
  private func attach(_ arguments: String...) async throws -> Terminal {
    try await Terminal.open(words: [Program.path, "--name", "bg"] + arguments)
  }

  /// What the engine that runs in the background says of itself.
  private func identity() async throws -> JSON {
    let outcome = try await wstop("stats", "--name", "bg", "--json")
    return try #require(try JSON(outcome.output)["engine"])
  }

  /// The URL of a path on its listener.
  private func url(_ path: String) async throws -> String {
    let listener = try #require(try await identity()["listeners"]?[0]?.string)
    return "ws://\(listener)\(path)"
  }

  @Test("It starts an engine, which outlives the console, and a second one attaches to it")
  func outlives() async throws {
    let first = try await attach("--listen", "127.0.0.1:0")
    try await first.wait(for: "no sessions yet")
    let run = try await identity()["run"]?.string
    let client = try await Client.connect(try await url("/ws/echo"))
    let port = client.port
    try await first.wait(for: "127.0.0.1:\(port)")
    try await first.press("q")
    #expect(try await first.exitCode() == 0)
    try await client.send("still here")
    #expect(try await client.receive() == .text("still here"))
    let second = try await attach("--listen", "127.0.0.1:0")
    try await second.wait(for: "127.0.0.1:\(port)")
    #expect(try await identity()["run"]?.string == run)
    try await second.press("C-c")
    #expect(try await second.exitCode() == 0)
    #expect(try await identity()["run"]?.string == run)
  }

  @Test("Two at the same time start one engine, and both attach to it")
  func race() async throws {
    async let one = attach("--listen", "127.0.0.1:0")
    async let two = attach("--listen", "127.0.0.1:0")
    let consoles = try await [one, two]
    for console in consoles { try await console.wait(for: "no sessions yet") }
    let client = try await Client.connect(try await url("/ws/echo"))
    for console in consoles { try await console.wait(for: "127.0.0.1:\(client.port)") }
    // The engine and the two consoles.
    try await until("one engine is left") {
      Workspace.current.processes(running: Program.path).count == 3
    }
  }

  @Test("wstop stop gives every client 1001 and leaves no engine and no socket")
  func stop() async throws {
    let console = try await attach("--listen", "127.0.0.1:0")
    try await console.wait(for: "no sessions yet")
    let clients = try await Client.connect(try await url("/ws/echo"), count: 3)
    try await console.press("q")
    _ = try await console.exitCode()
    #expect(try await wstop("stop", "--name", "bg").exitCode == 0)
    for client in clients { #expect(try await client.closed().code == 1001) }
    try await until("the engine has ended") {
      Workspace.current.processes(running: Program.path).isEmpty
    }
    #expect(!FileManager.default.fileExists(atPath: Workspace.current.controlSocket("bg")))
    let outcome = try await wstop("stats", "--name", "bg")
    #expect(outcome.failed(69, "no engine", "bg.sock"), "\(outcome)")
  }

  @Test("Its log is opened again by wstop reload, as one that was named")
  func rotation() async throws {
    let console = try await attach("--listen", "127.0.0.1:0", "--set", "rooms-per-session=0")
    try await console.wait(for: "no sessions yet")
    try await console.press("q")
    _ = try await console.exitCode()
    let log = Workspace.current.path("wstop/bg.log")
    try FileManager.default.moveItem(atPath: log, toPath: log + ".1")
    let outcome = try await wstop("reload", "--name", "bg")
    #expect(
      outcome.exitCode == 0 && outcome.text.contains("log opened again: \(log)"), "\(outcome)")
    let client = try await Client.connect(try await url("/ws/chat/lobby"))
    #expect(try await client.closed().code == 1011)
    try await until("what went wrong is in the new file") {
      let bytes = FileManager.default.contents(atPath: log) ?? Data()
      return String(decoding: bytes, as: UTF8.self).contains("/ws/chat")
    }
  }

  @Test("An engine that cannot start says why, in one line with exit code 1")
  func occupied() async throws {
    let engine = try await Engine.start()
    let shell = try await Terminal.shell(columns: 120)
    try await shell.type(
      "clear; $WSTOP --name bg --listen 127.0.0.1:\(engine.port); echo left $?")
    try await shell.press("Enter")
    let screen = try await shell.wait(for: "left 1")
    let line = try #require(screen.line(with: "wstop: "))
    #expect(line.contains("127.0.0.1:\(engine.port)"))
    #expect(line.lowercased().contains("in use"))
    #expect(Workspace.current.processes(running: Program.path) == [engine.process.processID])
  }

  @Test("Where something else lies at its socket's path it is told, and nothing is made beside it")
  func noSocket() async throws {
    let path = Workspace.current.path("precious")
    try Workspace.current.write("kept".utf8, to: "precious")
    let shell = try await Terminal.shell(columns: 160)
    try await shell.type("clear; $WSTOP --control \(path) --listen 127.0.0.1:0; echo left $?")
    try await shell.press("Enter")
    let screen = try await shell.wait(for: "left 1")
    #expect(screen.contains("a file lies there and stays"))
    #expect(FileManager.default.contents(atPath: path) == Data("kept".utf8))
    for ending in [".lock", ".log"] {
      #expect(!FileManager.default.fileExists(atPath: path + ending))
    }
  }

  @Test("An engine that cannot start tells the last line of its own log, and not an older one")
  func ownLog() async throws {
    let engine = try await Engine.start()
    try Workspace.current.write("wstop: something of yesterday\n".utf8, to: "own.log")
    let log = Workspace.current.path("own.log")
    let shell = try await Terminal.shell(columns: 160)
    try await shell.type(
      "clear; $WSTOP --name bg --listen 127.0.0.1:\(engine.port) --log-file \(log); echo left $?")
    try await shell.press("Enter")
    let screen = try await shell.wait(for: "left 1")
    let line = try #require(screen.line(with: "wstop: "))
    #expect(line.lowercased().contains("in use") && !line.contains("yesterday"), "\(line)")
  }

  @Test("Wrong flags for the engine are told before anything starts")
  func wrongFlags() async throws {
    let shell = try await Terminal.shell(columns: 120)
    try await shell.type("clear; $WSTOP --name bg --set message-bytes=abc; echo left $?")
    try await shell.press("Enter")
    try await shell.wait(for: "left 64", "message-bytes=abc: wants 1B to 1TiB")
    #expect(Workspace.current.processes(running: Program.path).isEmpty)
  }
}
