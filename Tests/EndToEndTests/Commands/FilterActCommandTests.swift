import TestSupport
import Testing

@Suite("Commands that act by filter", .workspace, .limited, .timeLimit(.minutes(15)))
struct FilterActCommandTests {
  @Test("A dry run tells how many and which, and does nothing")
  func dryRun() async throws {
    let engine = try await Engine.start()
    let clients = try await Client.connect(engine.url("/ws/echo"), count: 2)
    _ = try await Client.connect(engine.url("/ws/chat/lobby"))
    let id = try await engine.id(of: clients[0])
    let told = try await engine.wstop("close", "--filter", "route=/ws/echo", "--dry-run")
    #expect(told.exitCode == 0)
    #expect(told.rows.contains(["count", "2"]))
    #expect(told.rows.contains(["total", "3"]))
    #expect(told.rows.contains(["sample", id]))
    let json = try await engine.json(
      "send", "--filter", "room=lobby", "--ping", "--dry-run")
    #expect(json["count"]?.int == 1)
    #expect(json["sample"]?.array.first?["path"]?.string == "/ws/chat/lobby")
    try await engine.reaches(openCount: 3)
  }

  @Test("Without a terminal it wants --yes; with it those that match are closed, and no other")
  func close() async throws {
    let engine = try await Engine.start()
    let echo = try await Client.connect(engine.url("/ws/echo"), count: 3)
    let other = try await Client.connect(engine.url("/ws/echo-async"))
    let asked = try await engine.wstop("close", "--filter", "route=/ws/echo")
    #expect(asked.failed(64, "3 of 4 open sessions match", "--yes"), "\(asked)")
    try await engine.reaches(openCount: 4)
    let done = try await engine.wstop(
      "close", "--filter", "route=/ws/echo", "--yes", "--code", "service-restart", "--reason",
      "new version")
    #expect(done.exitCode == 0, "\(done)")
    #expect(done.rows.contains(["delivered", "3"]))
    for client in echo {
      #expect(try await client.closed() == Client.Close(1012, "new version"))
    }
    try await other.send("alive")
    #expect(try await other.receive() == .text("alive"))
    let none = try await engine.wstop("close", "--filter", "route=/ws/echo", "--yes")
    #expect(none.failed(1, "no open session matches"), "\(none)")
    let all = try await engine.wstop("close", "--filter", " ", "--yes")
    #expect(all.failed(64, "state=open"), "\(all)")
  }

  @Test("Tags that a handler set are listed, filtered and acted by, and no tag means no act")
  func tags() async throws {
    let engine = try await Engine.start()
    let plain = try await Client.connect(engine.url("/ws/echo"))
    let plainID = try await engine.id(of: plain)
    for last in ["--dry-run", "--yes"] {
      let refused = try await engine.wstop("close", "--filter", "tag!=vip", last)
      #expect(refused.failed(refused.exitCode, "no session has a tag"), "\(refused)")
      #expect(refused.exitCode != 0)
      let send = try await engine.wstop("send", "--filter", "tag!=vip", "--ping", last)
      #expect(send.exitCode != 0 && send.errors.contains("no session has a tag"), "\(send)")
    }
    let long = String(repeating: "%C3%A9", count: 200)
    let olga = try await Client.connect(engine.url("/ws/chat/lobby?user=olga%1B%5B2J"))
    _ = try await Client.connect(engine.url("/ws/chat/lobby?user=\(long)"))
    _ = try await Client.connect(engine.url("/ws/chat/K"))
    let olgaID = try await engine.id(of: olga)
    try await until("olga is not tagged") {
      try await engine.wstop("sessions", "--columns", "id,tag", "--filter", "tag~olga").rows
        == [[olgaID, "user:olga\\u{1b}[2J"]]
    }
    let rows = try await engine.wstop("sessions", "--columns", "tag", "--filter", "tag=user").rows
    #expect(rows.contains(["user:" + String(repeating: "é", count: 32)]), "cut at 64 bytes")
    let lists = try await engine.json("sessions", "--filter", "tag!=user")
    #expect(lists["total"]?.int == 2)
    // The Kelvin sign is no K: nobody is in that room.
    let sign = try await engine.wstop("sessions", "--filter", "room=\u{212A}", "--columns", "id")
    #expect(sign.rows.isEmpty)
    let shown = try await engine.wstop("show", olgaID)
    #expect(shown.rows.contains(["tag", "user:olga\\u{1b}[2J"]))
    let closed = try await engine.wstop("close", "--filter", "tag=user", "--yes")
    #expect(closed.rows.contains(["delivered", "2"]), "\(closed)")
    try await engine.reaches(openCount: 2)
    #expect(
      try await engine.wstop("sessions", "--closed", "--filter", "tag~olga", "--columns", "id,tag")
        .rows == [[olgaID, "user:olga\\u{1b}[2J"]])
    let history = try await engine.wstop("history", "--filter", "tag!=user", "--json")
    #expect(history.exitCode == 0 && history.output.isEmpty, "\(history)")
    try await until("the history has no tag") {
      try await engine.wstop("history", "--filter", "tag~olga", "--csv").text.contains("user:olga")
    }
    let gone = try await engine.wstop("close", "--filter", "tag!=vip", "--dry-run")
    #expect(gone.errors.contains("no session has a tag"), "\(gone)")
    #expect(try await engine.id(of: plain) == plainID)
  }

  @Test("A message with a rate reaches each of them; JSON is checked before it is sent")
  func send() async throws {
    let engine = try await Engine.start()
    let clients = try await Client.connect(engine.url("/ws/echo"), count: 3)
    let wrong = try await engine.wstop(
      "send", "--filter", "state=open", "--yes", "--json-text", "{\"a\":}")
    #expect(wrong.failed(64, "column 6"), "\(wrong)")
    let status = try await engine.json(
      "send", "--filter", "state=open", "--yes", "--json-text", "{\"a\":1}", "--rate", "100/s",
      "--jitter", "50%")
    #expect(status["state"]?.string == "finished")
    #expect(status["delivered"]?.int == 3)
    #expect(status["rate"]?.int == 100)
    for client in clients { #expect(try await client.receive() == .text("{\"a\":1}")) }
    #expect(try await clients[0].pendingCount() == 0)
  }

  @Test("On a terminal it shows whom, asks, and takes No, y, or the number of many")
  func asks() async throws {
    let engine = try await Engine.start()
    let few = try await Client.connect(engine.url("/ws/chat/few"), count: 2)
    let many = try await Client.connect(engine.url("/ws/echo"), count: 101)
    let shell = try await Terminal.shell(columns: 100, rows: 40)
    func close(_ filter: String) async throws {
      try await shell.type("clear; $WSTOP close --name x --filter \(filter); echo exit-$?")
      try await shell.press("Enter")
    }
    try await close("room=few")
    try await shell.wait(
      for: "[y/N]", "2 of 103 open sessions match", "127.0.0.1:\(few[0].port)",
      "Close 2 sessions with 1000 normal closure?")
    try await shell.press("Enter")
    try await shell.wait(for: "exit-1")
    try await engine.reaches(openCount: 103)
    try await close("room=few")
    try await shell.wait(for: "[y/N]")
    try await shell.type("y")
    try await shell.press("Enter")
    try await shell.wait(for: "exit-0")
    #expect(try await few[0].closed() == Client.Close(1000))
    try await close("route=/ws/echo")
    try await shell.wait(for: "Type 101 to go on:")
    try await shell.type("y")
    try await shell.press("Enter")
    try await shell.wait(for: "exit-1")
    try await close("route=/ws/echo")
    try await shell.wait(for: "Type 101 to go on:")
    try await shell.type("101")
    try await shell.press("Enter")
    try await shell.wait(for: "exit-0", "closed 101 of 101")
    #expect(try await many[100].closed() == Client.Close(1000))
  }

  @Test("Ctrl-C ends an act that goes on, and another operator can end it too")
  func ends() async throws {
    let engine = try await Engine.start()
    _ = try await Client.connect(engine.url("/ws/echo"), count: 4)
    let shell = try await Terminal.shell(columns: 120)
    let line = "clear; $WSTOP close --name x --filter state=open --yes --rate 1/m; echo exit-$?"
    try await shell.type(line)
    try await shell.press("Enter")
    try await shell.wait(for: "closing 1 of 4")
    try await shell.press("C-c")
    try await shell.wait(for: "exit-130", "closed 1 of 4, aborted: 3 left alone")
    try await engine.reaches(openCount: 3)
    try await shell.type(line)
    try await shell.press("Enter")
    try await shell.wait(for: "closing 1 of 3")
    let rows = try await engine.wstop("acts").rows
    #expect(rows.map { Array($0.prefix(4)) }.contains(["2", "close", "running", "3"]))
    #expect(try await engine.wstop("abort", "2").rows.contains(["state", "aborted"]))
    try await shell.wait(for: "exit-130")
    try await engine.reaches(openCount: 2)
    let unknown = try await engine.wstop("abort", "77")
    #expect(unknown.failed(1, "no act 77"), "\(unknown)")
  }
}
