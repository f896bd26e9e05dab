import Foundation
import TestSupport
import Testing

@Suite("Commands on the engine", .workspace, .limited, .timeLimit(.minutes(15)))
struct EngineCommandTests {
  @Test("stats --json counts sessions, traffic and closes per code and who")
  func stats() async throws {
    let engine = try await Engine.start("--reactors", "2")
    let clients = try await Client.connect(engine.url("/ws/echo"), count: 3)
    try await clients[0].send(byteCount: 1000)
    _ = try await clients[0].receive()
    try await clients[1].close(1000)
    let id = try await engine.id(of: clients[2])
    _ = try await engine.wstop("close", id, "--code", "4001")
    _ = try await clients[2].closed()
    await #expect(throws: Client.Refused(status: 404)) {
      try await Client.connect(engine.url("/nowhere"))
    }
    let stats = try await eventually("the closes are counted") {
      let stats = try await engine.json("stats")
      let isComplete =
        stats["sessions"]?["closed"]?.int == 2 && stats["sessions"]?["opened"]?.int == 3
        && stats["sessions"]?["open"]?.int == 1 && stats["traffic"]?["messagesOut"]?.int == 1
        && stats["traffic"]?["bytesIn"]?.int == 1000
      return isComplete ? stats : nil
    }
    #expect(stats["engine"]?["name"]?.string == "x")
    #expect(stats["engine"]?["processID"]?.int == Int(engine.process.processID))
    #expect(stats["engine"]?["listeners"] == .array([.string("127.0.0.1:\(engine.port)")]))
    #expect(stats["engine"]?["routes"]?.array.contains(.string("/ws/chat/{room}")) == true)
    #expect(stats["sessions"]?["open"]?.int == 1)
    #expect(stats["sessions"]?["opened"]?.int == 3)
    #expect(stats["traffic"]?["bytesIn"]?.int == 1000)
    #expect(stats["traffic"]?["messagesOut"]?.int == 1)
    let closes = stats["closes"]?.array ?? []
    #expect(
      closes.contains(
        .object(["code": .number(1000), "by": .string("peer"), "count": .number(1)])))
    #expect(
      closes.contains(
        .object(["code": .number(4001), "by": .string("operator"), "count": .number(1)])))
    let refusals = stats["refusals"]?.array ?? []
    #expect(refusals.contains { $0["status"]?.int == 404 && $0["count"]?.int == 1 })
    let rows = try await engine.wstop("stats").rows
    #expect(rows.contains(["sessions.open", "1"]))
    #expect(rows.contains(["closes.4001.operator", "1"]))
  }

  @Test("Every figure of stats is there before anything has happened")
  func quiet() async throws {
    let engine = try await Engine.start()
    let stats = try await engine.json("stats")
    #expect(stats["sessions"]?["open"]?.int == 0)
    #expect(stats["closes"] == .array([]))
    #expect(stats["refusals"] == .array([]))
    #expect((stats["uptimeSeconds"]?.number ?? -1) >= 0)
    let rows = try await engine.wstop("stats").rows
    #expect(rows.allSatisfy { $0.count == 2 })
  }

  @Test("B5: limits set and unset take effect on open sessions, at each scope")
  func limits() async throws {
    let engine = try await Engine.start()
    let echo = try await Client.connect(engine.url("/ws/echo"))
    let room = try await Client.connect(engine.url("/ws/chat/lobby"))
    let second = try await Client.connect(engine.url("/ws/echo"))
    let id = try await engine.id(of: echo)
    let set = try await engine.wstop("limits set", "message-bytes=1KiB")
    #expect(set.exitCode == 0)
    #expect(
      set.rows.first.map { Array($0.prefix(4)) } == ["message-bytes", "1KiB", "1MiB", "engine"])
    // The most specific scope wins, even if larger.
    let route = try await engine.wstop(
      "limits set", "message-bytes=2KiB", "--route", "/ws/chat/{room}")
    #expect(route.exitCode == 0)
    #expect(
      try await engine.wstop("limits set", "message-bytes=3KiB", "--session", id).exitCode == 0)
    try await room.send(byteCount: 2048)
    try await room.send(byteCount: 2049)
    #expect(try await room.closed().code == 1009)
    try await echo.send(byteCount: 3072)
    _ = try await echo.receive()
    #expect(try await engine.wstop("limits unset", "message-bytes", "--session", id).exitCode == 0)
    try await echo.send(byteCount: 1025)
    #expect(try await echo.closed().code == 1009)
    #expect(try await engine.wstop("limits unset", "message-bytes").exitCode == 0)
    try await second.send(byteCount: 1025)
    _ = try await second.receive()
    #expect(try await engine.closes(1009, by: "limit") == 2)
  }

  @Test("Several limits are set together, or none of them")
  func together() async throws {
    let engine = try await Engine.start()
    let good = try await engine.json("limits set", "message-bytes=2MiB", "idle-timeout=1h")
    let values = good["limits"]?.array.filter { $0["source"]?.string != "default" } ?? []
    #expect(Set(values.compactMap { $0["key"]?.string }) == ["message-bytes", "idle-timeout"])
    let bad = try await engine.wstop("limits set", "fragment-bytes=1KiB", "idle-timeout=never")
    #expect(bad.failed(64, "idle-timeout=never"), "\(bad)")
    let limits = try await engine.json("limits")["limits"]?.array ?? []
    let fragment = limits.first { $0["key"]?.string == "fragment-bytes" }
    #expect(fragment?["value"]?.string == "64KiB")
  }

  @Test(
    "B8: a limit out of range at runtime is named with its range",
    arguments: [
      "message-bytes=-1", "message-bytes=0", "message-bytes=abc", "message-bytes=2TiB",
      "ping-interval=1ms", "backlog-policy=maybe",
    ])
  func range(setting: String) async throws {
    let engine = try await Engine.start()
    let outcome = try await engine.wstop("limits set", setting)
    #expect(outcome.failed(64, setting, "wants "), "\(outcome)")
  }

  @Test("Limits cannot be set for what is not there")
  func noScope() async throws {
    let engine = try await Engine.start()
    let session = try await engine.wstop("limits set", "message-bytes=1k", "--session", "s-zz")
    #expect(session.failed(1, "s-zz"), "\(session)")
    let route = try await engine.wstop("limits set", "message-bytes=1k", "--route", "/no")
    #expect(route.failed(1, "no such route"), "\(route)")
    let engineOnly = try await engine.wstop("limits set", "sessions=5", "--route", "/ws/echo")
    #expect(engineOnly.failed(64, "sessions"), "\(engineOnly)")
  }

  @Test("events tells every act with who did it and the command that does the same")
  func events() async throws {
    let engine = try await Engine.start()
    let client = try await Client.connect(engine.url("/ws/echo"))
    let id = try await engine.id(of: client)
    _ = try await engine.wstop("send", id, "--text", "it's")
    _ = try await engine.wstop("limits set", "message-bytes=1KiB")
    _ = try await engine.wstop("close", id, "--reason", "a b")
    let rows = try await engine.wstop("events").rows
    try #require(rows.allSatisfy { $0.count == 6 })
    #expect(rows.map { $0[0] } == (1...rows.count).map(String.init))
    #expect(rows.contains { $0[2] == "engine" })
    let limit = try #require(rows.first { $0[2] == "limit" })
    #expect(limit[3].contains("1MiB") && limit[3].contains("1KiB"))
    #expect(limit[4].contains("uid \(getuid()) pid "))
    let acts = rows.filter { $0[2] == "act" }
    #expect(acts.count == 2)
    #expect(acts.last?[5].contains(#"--reason "a b""#) == true)
    // What it says does the same, typed into a shell.
    let again = try await Client.connect(engine.url("/ws/echo"))
    let command = try #require(acts.first?[5])
      .replacing(id, with: try await engine.id(of: again))
      .replacing("wstop ", with: "$WSTOP ", maxReplacements: 1)
    #expect(try await shell(command).exitCode == 0)
    #expect(try await again.receive() == .text("it's"))
  }

  @Test("events --follow goes on with what happens, until the engine ends")
  func follow() async throws {
    let engine = try await Engine.start()
    let following = try Workspace.current.start(
      Program.path, ["events", "--follow", "--json", "--name", engine.name])
    try await until("the start is told") { !following.output.isEmpty }
    _ = try await engine.wstop("limits set", "idle-timeout=1h")
    // A slow machine's slow turns are told too.
    let event = try await eventually("the change is told") {
      following.output.split(separator: 0x0A).compactMap { try? JSON(Data($0)) }
        .first { $0["kind"]?.string == "limit" }
    }
    #expect(event["command"]?.string == "wstop limits set --name x idle-timeout=1h")
    #expect(try await engine.wstop("stop").exitCode == 0)
    #expect(try await following.waitForExit() == 69)
  }

  @Test("curl reads the control API")
  func curl() async throws {
    let engine = try await Engine.start()
    let client = try await Client.connect(engine.url("/ws/echo"))
    let socket = Workspace.current.controlSocket("x")
    func get(_ target: String, _ arguments: String...) async throws -> Outcome {
      try await run(
        "/usr/bin/curl", ["-sS", "--unix-socket", socket, "http://x\(target)"] + arguments)
    }
    try await until("the session is counted") {
      try JSON(try await get("/v1/stats").output)["sessions"]?["open"]?.int == 1
    }
    let list = try JSON(
      try await get("/v1/sessions?filter=port%3D\(client.port)&sort=-age&limit=1").output)
    let id = try #require(list["sessions"]?[0]?["id"]?.string)
    #expect(list["total"]?.int == 1)
    let one = try JSON(try await get("/v1/sessions/\(id)").output)
    #expect(one["row"]?["port"]?.int == client.port)
    let sent = try await get(
      "/v1/sessions/\(id)/send", "-H", "Content-Type: application/json", "-d", #"{"text":"hi"}"#)
    #expect(sent.exitCode == 0)
    #expect(try await client.receive() == .text("hi"))
    let missing = try JSON(try await get("/v1/sessions/s-zzzz").output)
    #expect(missing["error"]?["code"]?.string != nil)
    #expect(missing["error"]?["message"]?.string?.contains("s-zzzz") == true)
    let browser = try await get(
      "/v1/stats", "-H", "Origin: http://x", "-o", "/dev/null", "-w", "%{http_code}")
    #expect(browser.text == "403")
  }

  @Test("--version names the program and the engine")
  func version() async throws {
    let alone = try await wstop("--version", "--name", "nobody")
    #expect(alone.exitCode == 0)
    #expect(alone.text.contains(#/^wstop [0-9]+\.[0-9]+/#))
    let engine = try await Engine.start()
    let both = try await wstop("--version", "--name", engine.name)
    #expect(both.text.contains("process \(engine.process.processID)"))
  }

  @Test("Help is there for every command, on the standard output")
  func help() async throws {
    for command in [
      "", "top", "serve", "stop", "demo", "sessions", "show", "close", "send",
      "limits", "limits set", "limits unset", "stats", "events", "version",
    ] {
      let words = command.split(separator: " ").map(String.init) + ["--help"]
      let outcome = try await run(Program.path, words)
      #expect(outcome.exitCode == 0)
      #expect(outcome.text.contains("USAGE: wstop"), "\(command)")
    }
  }
}
