import Foundation
import TestSupport
import Testing

@Suite("Arguments as bytes", .workspace, .limited, .timeLimit(.minutes(15)))
struct ArgumentTests {
  @Test("Files whose names are no UTF-8 are those that were named")
  func files() async throws {
    let process = try Workspace.current.start(
      "/bin/sh",
      [
        "-c",
        """
        cd "$XDG_RUNTIME_DIR"; e=$(printf '\\351')
        exec "$0" serve --control "c$e.sock" --listen 127.0.0.1:0 --listen "unix:l$e.sock,mode=0600" \
          --log-file "caf$e.log" --history "h$e.db"
        """, Program.path,
      ])
    try await until("it listens: \(process.errors)") { !process.output.isEmpty }
    let greeting = String(decoding: process.output, as: UTF8.self)
    #expect(greeting.contains(#"control socket c\xe9.sock"#), "\(greeting)")
    for name in [#"c\351.sock"#, #"c\351.lock"#, #"l\351.sock"#, #"caf\351.log"#, #"h\351.db"#] {
      // The history's file is opened beside the engine, which does not wait for it.
      try await until("there is \(name)") {
        try await shell("cd \"$XDG_RUNTIME_DIR\" && ls -b").text.split(separator: "\n")
          .contains(Substring(name))
      }
    }
    let stats = try await shell(
      "cd \"$XDG_RUNTIME_DIR\"; \"$WSTOP\" stats --control=\"c$(printf '\\351').sock\" --json")
    #expect(try JSON(stats.output)["sessions"]?["open"]?.int == 0)
    let stop = try await shell(
      "cd \"$XDG_RUNTIME_DIR\"; \"$WSTOP\" stop --control \"c$(printf '\\351').sock\"")
    #expect(stop.exitCode == 0, "\(stop)")
    #expect(try await process.waitForExit() == 0)
    let kept = try await shell(
      "cd \"$XDG_RUNTIME_DIR\"; \"$WSTOP\" history --file \"h$(printf '\\351').db\" --kind engine")
    #expect(kept.exitCode == 0 && kept.text.contains("started"), "\(kept)")
    let missing = try await shell("\"$WSTOP\" stats --control \"/nonexistent/$(printf '\\351')\"")
    #expect(missing.failed(69, #"/nonexistent/\xe9"#), "\(missing)")
  }

  @Test("Elsewhere they are refused, and nothing is sent")
  func refused() async throws {
    let engine = try await Engine.start()
    let client = try await Client.connect(engine.url("/ws/echo"))
    let id = try await engine.id(of: client)
    let outcome = try await shell("\"$WSTOP\" send --name x \(id) --text \"caf$(printf '\\351')\"")
    #expect(outcome.failed(64, #"caf\xe9"#, "no UTF-8"), "\(outcome)")
    let sent = try await shell("\"$WSTOP\" send --name x \(id) --text 'café'")
    #expect(sent.exitCode == 0, "\(sent)")
    #expect(try await client.receive() == .text("café"))
  }

  @Test("The bytes of a file that is named so are sent")
  func binary() async throws {
    let engine = try await Engine.start()
    let client = try await Client.connect(engine.url("/ws/echo"))
    let id = try await engine.id(of: client)
    let outcome = try await shell(
      """
      cd "$XDG_RUNTIME_DIR"; f="caf$(printf '\\351')"; printf abc > "$f"
      "$WSTOP" send --name x \(id) --binary "$f"
      """)
    #expect(outcome.exitCode == 0, "\(outcome)")
    #expect(try await client.receive() == .binary(Array("abc".utf8)))
  }
}
