import Foundation
import TestSupport
import Testing

@Suite(
  "Standard descriptors that are closed, full or without a reader", .workspace,
  .limited, .timeLimit(.minutes(15)))
struct StandardDescriptorTests {
  /// Starts an engine by a line of shell, and waits until its control socket answers.
  private func start(_ redirections: String) async throws -> Subprocess {
    let process = try Workspace.current.start(
      "/bin/sh",
      ["-c", "exec \"$0\" serve --name x --listen 127.0.0.1:0 \(redirections)", Program.path])
    try await until("an engine answers: \(process.errors)") {
      try #require(process.exitCode == nil, "it ended: \(process.errors)")
      return try await wstop("stats", "--name", "x").exitCode == 0
    }
    return process
  }

  /// What a descriptor of a process is.
  private func target(_ number: Int, of process: Subprocess) throws -> String {
    try FileManager.default.destinationOfSymbolicLink(
      atPath: "/proc/\(process.processID)/fd/\(number)")
  }

  @Test(
    "An engine without them has /dev/null in their places, and serves",
    arguments: ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
  func engine(redirections: String) async throws {
    let process = try await start(redirections)
    for (number, word) in ["<&-", ">&-", "2>&-"].enumerated()
    where redirections.split(separator: " ").contains(Substring(word)) {
      #expect(try target(number, of: process) == "/dev/null")
    }
    let listeners = try await json("stats")["engine"]?["listeners"]?[0]?.string
    let client = try await Client.connect("ws://\(try #require(listeners))/ws/echo")
    try await client.send("here")
    #expect(try await client.receive() == .text("here"))
    #expect(try await wstop("stop", "--name", "x").exitCode == 0)
    #expect(try await process.waitForExit() == 0)
  }

  private func json(_ command: String) async throws -> JSON {
    try JSON(try await wstop(command, "--name", "x", "--json").output)
  }

  @Test("A greeting for which there is no room ends no engine, and is told")
  func greeting() async throws {
    let process = try await start(">/dev/full")
    try await until("it is told") { process.errors.contains("No space left on device") }
    #expect(process.errors.contains("nobody is told that the engine runs"))
    process.signal(SIGTERM)
    #expect(try await process.waitForExit() == 0)
  }

  @Test("A greeting that nobody reads any more ends no engine, and is told")
  func brokenPipe() async throws {
    // The engine begins when its reader has gone.
    let process = try Workspace.current.start(
      "/bin/sh",
      [
        "-c",
        """
        {
          trap '' PIPE; while echo; do sleep 0.1; done 2>/dev/null; trap - PIPE
          exec "$0" serve --name x --listen 127.0.0.1:0
        } | true
        """,
        Program.path,
      ])
    try await until("an engine answers: \(process.errors)") {
      try await wstop("stats", "--name", "x").exitCode == 0
    }
    try await until("it is told") { process.errors.contains("Broken pipe") }
    #expect(try await wstop("stop", "--name", "x").exitCode == 0)
  }

  @Test("A full pipe as the output keeps no engine from hearing its signals")
  func fullPipe() async throws {
    let pipe = Workspace.current.path("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    let held = open(pipe, O_RDWR | O_NONBLOCK)
    try #require(held >= 0)
    defer { close(held) }
    let filler = [UInt8](repeating: 0, count: 4096)
    while write(held, filler, filler.count) > 0 {}
    let process = try await start(">\"$XDG_RUNTIME_DIR/pipe\"")
    process.signal(SIGTERM)
    #expect(try await process.waitForExit() == 0)
  }

  @Test(
    "No command writes what it shows into its own connection, and none fails for its absence",
    arguments: ["history", "sessions", "stats", "limits", "closes", "events"])
  func commands(command: String) async throws {
    let process = try await start("")
    let log = Workspace.current.path("trace")
    let outcome = try await run(
      "/bin/sh", ["-c", "\"$0\" \(command) --name x >&- <&- 2>\(log)", Program.path])
    #expect(outcome.exitCode == 0, "\(outcome)")
    #expect(FileManager.default.contents(atPath: log) == Data())
    // The engine has seen nothing that was no request.
    let events = try await wstop("events", "--name", "x")
    #expect(!events.text.contains("malformed"), "\(events)")
    process.signal(SIGTERM)
    #expect(try await process.waitForExit() == 0)
  }
}
