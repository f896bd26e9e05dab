import TestSupport
import Testing

@Suite("The console's command line", .workspace, .limited, .timeLimit(.minutes(15)))
struct CommandLineTests {
  private func type(_ console: Terminal, _ line: String) async throws {
    try await console.press(":")
    try await console.type(line)
    try await console.press("Enter")
  }

  @Test(
    "Limits are set, the table is sorted and filtered, screens are shown, by the shell's words",
    arguments: ConsoleStoryTests.sizes)
  func words(columns: Int, rows: Int) async throws {
    let engine = try await Engine.start()
    let client = try await Client.connect(engine.url("/ws/echo"))
    let console = try await Terminal.console(engine, columns: columns, rows: rows)
    try await console.wait("a session") { $0.sessionLines.count == 1 }
    try await type(console, "limits set message-bytes=1KiB")
    try await console.wait(
      for: "the limits are changed", "$ wstop limits set message-bytes=1KiB --name x")
    try await client.send(byteCount: 1025)
    #expect(try await client.closed().code == 1009)
    try await type(console, "sort -in.bytes")
    try await console.wait(for: "sort in.bytes ▼")
    try await type(console, "filter route=/ws/chat*")
    try await console.wait(for: "no session matches route=/ws/chat*")
    try await type(console, "limits")
    try await console.wait { $0.line(with: "message-bytes")?.contains("1KiB") == true }
    try await type(console, "frobnicate")
    // What is refused stays in its line.
    try await console.wait(for: ":frobnicate", "no such command: frobnicate")
    try await console.press("Escape")
    try await type(console, "q")
    #expect(try await console.exitCode() == 0)
  }

  @Test("Tab completes, up brings back what was typed, also in the next console")
  func completion() async throws {
    let engine = try await Engine.start()
    let clients = try await Client.connect(engine.url("/ws/echo"), count: 2)
    let console = try await Terminal.console(engine)
    try await console.wait("two sessions") { $0.sessionLines.count == 2 }
    try await console.press(":")
    try await console.type("close --fil")
    try await console.press("Tab")
    try await console.type("route=/ws/echo --cod")
    try await console.press("Tab")
    try await console.type("serv")
    try await console.press("Tab")
    try await console.wait(for: ":close --filter route=/ws/echo --code service-restart")
    try await console.press("Enter")
    try await console.wait(for: "Close 2 of 2 sessions")
    try await console.press("Escape")
    try await console.press("q")
    #expect(try await console.exitCode() == 0)
    let next = try await Terminal.console(engine)
    try await next.wait("two sessions") { $0.sessionLines.count == 2 }
    try await next.press(":", "Up")
    try await next.wait(for: ":close --filter route=/ws/echo --code service-restart")
    try await next.type(" --yes")
    try await next.press("Enter")
    try await next.wait(for: "closed 2 of 2", "$ wstop close --name x --filter route=/ws/echo")
    for client in clients { #expect(try await client.closed() == Client.Close(1012)) }
  }

  @Test("The engine is stopped only after a question")
  func stop() async throws {
    let engine = try await Engine.start()
    let client = try await Client.connect(engine.url("/ws/echo"))
    let console = try await Terminal.console(engine)
    try await console.wait("a session") { $0.sessionLines.count == 1 }
    try await type(console, "stop")
    try await console.wait(for: "Stop the engine?")
    try await console.press("Enter")
    try await console.wait(forEndOf: "Stop the engine?")
    try await client.send("alive")
    #expect(try await client.receive() == .text("alive"))
    try await type(console, "stop")
    try await console.wait(for: "Stop the engine?")
    try await console.press("y")
    #expect(try await client.closed().code == 1001)
  }

  @Test("The scripts for shells complete close codes and limits in bash")
  func bash() async throws {
    let outcome = try await run(
      "/bin/bash",
      [
        "-c",
        """
        source <("$0" completions bash)
        compopt() { :; }
        offer() {
          COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
          COMPREPLY=()
          _wstop_without_space wstop "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
          echo "${COMPREPLY[@]}"
        }
        offer wstop close --code serv
        offer wstop limits set --route x message
        offer wstop sessions --sort -in
        offer wstop ab
        """, Program.path,
      ])
    #expect(
      outcome.text.split(separator: "\n") == [
        "service-restart",
        "message-bytes= messages-per-second= messages-burst= message-timeout=",
        "-in.messages -in.bytes -in.messages/s -in.bytes/s -in.wire", "abort",
      ], "\(outcome)")
  }
}
