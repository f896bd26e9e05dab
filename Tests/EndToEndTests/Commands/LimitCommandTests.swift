import TestSupport
import Testing

@Suite("Commands on limits", .workspace, .limited, .timeLimit(.minutes(15)))
struct LimitCommandTests {
  @Test("A dry run tells what a value would have rejected, and changes nothing")
  func dryRun() async throws {
    let engine = try await Engine.start()
    let client = try await Client.connect(engine.url("/ws/echo"))
    for size in [100, 600] {
      try await client.send(byteCount: size)
      _ = try await client.receive()
    }
    try await until("both are counted") {
      try await engine.json("stats")["traffic"]?["messagesOut"]?.int == 2
    }
    let shown = try await engine.wstop("limits set", "message-bytes=511", "--dry-run")
    #expect(shown.exitCode == 0)
    #expect(shown.rows.first == ["message-bytes", "1MiB → 511B for engine; nothing was changed"])
    #expect(shown.text.contains("would have rejected 1 of 2 in, 1 of 2 out"))
    let json = try await engine.json("limits set", "message-bytes=600", "--dry-run")
    let forecast = try #require(json["forecasts"]?.array.first)
    #expect(forecast["messagesIn"]?["atLeast"]?.int == 0)
    #expect(forecast["messagesIn"]?["atMost"]?.int == 1)
    #expect(forecast["messagesIn"]?["bucket"]?.array.map(\.int) == [576, 607])
    let unknown = try await engine.wstop("limits set", "pong-timeout=5s", "--dry-run")
    #expect(unknown.text.contains("what it would have rejected is not known"))
    let unset = try await engine.json("limits unset", "message-bytes", "--dry-run")
    #expect(unset["forecasts"]?.array.first?["new"]?.string == "1MiB")
    let limits = try await engine.json("limits")["limits"]?.array ?? []
    let ofEngine = limits.filter { $0["scope"]?.string == "engine" }
    #expect(!ofEngine.isEmpty && ofEngine.allSatisfy { $0["source"]?.string == "default" })
  }

  @Test("Sessions over a new limit are kept, or closed in the order that is asked for")
  func over() async throws {
    let engine = try await Engine.start()
    let clients = try await Client.connect(engine.url("/ws/echo"), count: 3)
    let kept = try await engine.wstop("limits set", "sessions=2")
    #expect(kept.exitCode == 0)
    #expect(kept.errors.contains("1 session over it stay until they breach it again"))
    let closed = try await engine.wstop(
      "limits set", "sessions=2", "--over", "close", "--order", "newest")
    #expect(closed.errors.contains("closed 1 session over it"))
    #expect(try await clients[2].closed() == Client.Close(1013, "over sessions"))
    try await clients[0].send("still here")
    #expect(try await clients[0].receive() == .text("still here"))
  }

  @Test("A change for a time is shown with when it reverts, and kept by limits keep")
  func keep() async throws {
    let engine = try await Engine.start(
      ["--set", "message-bytes=2MiB"])
    let set = try await engine.wstop("limits set", "message-bytes=1KiB", "--revert-after", "10m")
    #expect(set.rows.first?.last?.hasPrefix("2MiB@") == true)
    let kept = try await engine.wstop("limits keep", "message-bytes")
    #expect(kept.exitCode == 0)
    #expect(kept.rows.first?.last == "")
    #expect(try await engine.wstop("limits keep").failed(1, "nothing was kept"))
    #expect(
      try await engine.wstop("limits set", "idle-timeout=1h", "--revert-after", "1s").exitCode == 0)
    _ = try await eventually("the limit reverts") {
      let limits = try await engine.json("limits")["limits"]?.array ?? []
      let idle = limits.first { $0["key"]?.string == "idle-timeout" }
      return idle?["source"]?.string == "default" ? true : nil
    }
    // Told once every reactor has it.
    try await until("an event tells it") {
      try await engine.wstop("events").text
        .contains("idle-timeout 1h → off, reverted: nobody kept it")
    }
  }

  @Test(
    "Wrong flags are errors of usage that name what would be right",
    arguments: [
      (["--over", "explode"], "keep, close"), (["--order", "newest"], "--over close"),
      (["--over", "close", "--order", "x"], "largest, idlest, newest"),
      (["--revert-after", "10"], "1s to 7d"),
    ])
  func usage(flags: [String], words: String) async throws {
    let outcome = try await run(
      Program.path, ["limits", "set", "message-bytes=1KiB"] + flags)
    #expect(outcome.failed(64, words), "\(outcome)")
  }
}
