import Foundation
import TestSupport
import Testing

@Suite("Commands on sessions", .workspace, .limited, .timeLimit(.minutes(15)))
struct SessionCommandTests {
  @Test("B12: sessions --json has the engine's run, the total and the rows with all their fields")
  func json() async throws {
    let engine = try await Engine.start()
    let client = try await Client.connect(engine.url("/ws/chat/lobby?x=1"))
    let other = try await Client.connect(engine.url("/ws/echo"))
    try await client.send(byteCount: 300)
    try await other.send("four")
    _ = try await other.receive()
    let list = try await eventually("what was sent is counted") {
      let list = try await engine.json("sessions")
      return list["sessions"]?.array.allSatisfy { $0["messagesIn"]?.int == 1 } == true ? list : nil
    }
    #expect(list["engine"]?.string?.isEmpty == false)
    #expect(list["engine"] == (try await engine.json("stats"))["engine"]?["run"])
    #expect(list["total"]?.int == 2)
    let rows = try #require(list["sessions"]?.array)
    let fields: Set = [
      "id", "route", "path", "address", "port", "state", "openedAt", "idleSeconds", "messagesIn",
      "messagesOut", "bytesIn", "bytesOut", "largestIn", "backlogBytes",
    ]
    for row in rows { #expect(row.names.isSuperset(of: fields)) }
    let row = try #require(rows.first { $0["port"]?.int == client.port })
    #expect(row["route"]?.string == "/ws/chat/{room}")
    #expect(row["path"]?.string == "/ws/chat/lobby")
    #expect(row["address"]?.string == "127.0.0.1")
    #expect(row["state"]?.string == "open")
    #expect(row["bytesIn"]?.int == 300)
    #expect(row["largestIn"]?.int == 300)
    #expect(row["messagesOut"]?.int == 0)
    #expect(abs((row["openedAt"]?.number ?? 0) - Date().timeIntervalSince1970) < 120)
    let echo = try #require(rows.first { $0["port"]?.int == other.port })
    #expect(echo["messagesOut"]?.int == 1)
    #expect(echo["bytesOut"]?.int == 4)
  }

  @Test("Sessions are filtered, sorted and limited; the total counts all that match")
  func window() async throws {
    let engine = try await Engine.start()
    let clients = try await Client.connect(engine.url("/ws/echo"), count: 4)
    _ = try await Client.connect(engine.url("/ws/chat/lobby"))
    for (index, client) in clients.enumerated() {
      try await client.send(byteCount: [20, 4000, 1, 300][index])
      _ = try await client.receive()
    }
    let list = try await eventually("the four are sorted") {
      let list = try await engine.json(
        "sessions", "--filter", "route=/ws/echo in.bytes>1", "--sort", "-in.bytes", "--limit", "2")
      let sizes = list["sessions"]?.array.map { $0["bytesIn"]?.int }
      return list["total"]?.int == 3 && sizes == [4000, 300] ? list : nil
    }
    #expect(list["sessions"]?.array.count == 2)
    let ascending = try await engine.wstop("sessions", "--filter", "port=1", "--sort", "path")
    #expect(ascending.exitCode == 0)
    #expect(ascending.output.isEmpty)
    let none = try await engine.json("sessions", "--limit", "0")
    #expect(none["total"]?.int == 5)
    #expect(none["sessions"]?.array.isEmpty == true)
  }

  @Test("A pipe gets one row a session, separated by tabs, without titles")
  func tabs() async throws {
    let engine = try await Engine.start()
    let client = try await Client.connect(engine.url("/ws/echo"))
    let rows = try await engine.wstop("sessions").rows
    let row = try #require(rows.first)
    #expect(rows.count == 1)
    #expect(row.count == 15)
    #expect(row.first == (try await engine.id(of: client)))
    #expect(
      try Array(row.at(1..<6)) == ["open", "/ws/echo", "/ws/echo", "127.0.0.1", "\(client.port)"])
    #expect(row.dropFirst(6).dropLast().allSatisfy { Double($0) != nil })
    let piped = try await shell("$WSTOP sessions --name x | cut -f5,6")
    #expect(piped.text == "127.0.0.1\t\(client.port)\n")
    let gone = try await shell("$WSTOP sessions --name x | true; echo $?")
    #expect(gone.text == "0\n")
    #expect(gone.errors.isEmpty)
  }

  @Test("A terminal gets titles and columns")
  func table() async throws {
    let engine = try await Engine.start()
    let client = try await Client.connect(engine.url("/ws/echo"))
    let terminal = try await Terminal.open(
      columns: 160, words: [Program.path, "sessions", "--name", "x"])
    let screen = try await terminal.wait(for: "1 session")
    let heading = try #require(screen.line(with: "ADDRESS"))
    let line = try #require(screen.line(with: "127.0.0.1:\(client.port)"))
    #expect(heading.column(of: "ADDRESS") == line.column(of: "127.0.0.1:"))
    #expect(try await terminal.exitCode() == 0)
  }

  @Test("show has everything that is known of a session")
  func show() async throws {
    let engine = try await Engine.start()
    let client = try await Client.connect(
      engine.url("/ws/chat/lobby?order=a%20b"), headers: ["X-Trace": "t-1"])
    let id = try await engine.id(of: client)
    let details = try await engine.json("show", id)
    #expect(details["row"]?["id"]?.string == id)
    #expect(details["query"]?.string == "order=a%20b")
    #expect(details["rooms"] == .array([.string("lobby")]))
    #expect(details["listener"]?.string == "127.0.0.1:\(engine.port)")
    let headers = details["headers"]?.array ?? []
    #expect(
      headers.contains { $0["name"]?.string == "X-Trace" && $0["value"]?.string == "t-1" })
    let rows = try await engine.wstop("show", id).rows
    #expect(rows.contains(["id", id]))
    #expect(rows.contains(["room", "lobby"]))
    #expect(rows.contains(["query", "order=a%20b"]))
  }

  @Test("B4: close gives a client its code and reason, 1000 if none is named")
  func close() async throws {
    let engine = try await Engine.start()
    let clients = try await Client.connect(engine.url("/ws/echo"), count: 3)
    var ids: [String] = []
    for client in clients { ids.append(try await engine.id(of: client)) }
    let one = try await engine.wstop("close", ids[0], "--code", "4001", "--reason", "-früh-")
    #expect(one.exitCode == 0)
    #expect(one.rows == [[ids[0], "done"]])
    #expect(try await clients[0].closed() == Client.Close(4001, "-früh-"))
    #expect(try await engine.wstop("close", ids[1], ids[2]).exitCode == 0)
    for client in clients[1...] { #expect(try await client.closed() == Client.Close(1000)) }
    #expect(try await engine.closes(1000, by: "operator") == 2)
  }

  @Test("send reaches its client as it is: text, a text that begins with a dash, a file, a ping")
  func send() async throws {
    let engine = try await Engine.start()
    let client = try await Client.connect(engine.url("/ws/echo"))
    let id = try await engine.id(of: client)
    #expect(try await engine.wstop("send", id, "--text", "grüße 🎈").exitCode == 0)
    #expect(try await client.receive() == .text("grüße 🎈"))
    #expect(try await engine.wstop("send", id, "--text=-x").exitCode == 0)
    #expect(try await client.receive() == .text("-x"))
    #expect(try await engine.wstop("send", id, "--text", "").exitCode == 0)
    #expect(try await client.receive() == .text(""))
    let bytes = (0...255).map { UInt8($0) }
    try Workspace.current.write(bytes, to: "bytes")
    let file = Workspace.current.path("bytes")
    #expect(try await engine.wstop("send", id, "--binary", file).exitCode == 0)
    #expect(try await client.receive() == .binary(bytes))
    let piped = try await shell("$WSTOP send --name x \(id) --binary - < \(file)")
    #expect(piped.exitCode == 0)
    #expect(try await client.receive() == .binary(bytes))
    #expect(try await engine.wstop("send", id, "--ping").exitCode == 0)
    try await until("the pong is measured") {
      try await engine.sessions().first?["roundTripMilliseconds"]?.number != nil
    }
  }

  @Test("A message over message-bytes is refused before anything is queued, and closes nobody")
  func tooBig() async throws {
    let engine = try await Engine.start("--set", "message-bytes=4")
    let client = try await Client.connect(engine.url("/ws/echo"))
    let id = try await engine.id(of: client)
    let outcome = try await engine.wstop("send", id, "--text", "12345")
    #expect(outcome.exitCode == 1)
    #expect(outcome.errors.contains("message-bytes"))
    try await client.send("1234")
    #expect(try await client.receive() == .text("1234"))
    let missing = try await engine.wstop("send", id, "--binary", "/no/such/file")
    #expect(missing.failed(64, "/no/such/file"), "\(missing)")
  }

  @Test("A session that is unknown or has gone is exit 1 and named")
  func unknown() async throws {
    let engine = try await Engine.start()
    let client = try await Client.connect(engine.url("/ws/echo"))
    let id = try await engine.id(of: client)
    try await client.close()
    try await until("the session has gone") { try await engine.openCount() == 0 }
    for unknown in [id, "s-zzzz"] {
      for arguments in [["close", unknown], ["send", unknown, "--text", "x"]] {
        let outcome = try await run(
          Program.path, [arguments[0], "--name", "x"] + arguments.dropFirst())
        #expect(outcome.failed(1, unknown), "\(outcome)")
      }
    }
    // One that was closed lately is still shown.
    let gone = try await engine.wstop("show", id)
    #expect(gone.exitCode == 0 && gone.text.contains(id), "\(gone)")
    let never = try await engine.wstop("show", "s-zzzz")
    #expect(never.failed(1, "s-zzzz"), "\(never)")
  }

  @Test("Wrong usage is one line and exit 64")
  func usage() async throws {
    let engine = try await Engine.start()
    let lines: [[String]] = [
      ["sessions", "--filter", "colour=red"], ["sessions", "--sort", "colour"],
      ["sessions", "--limit", "-1"], ["show"], ["show", "x"], ["close"],
      ["close", "s-1", "--code", "1006"],
      ["close", "s-1", "--reason", String(repeating: "é", count: 62)],
      ["send", "s-1"], ["send", "s-1", "--text", "a", "--ping"], ["stats", "extra"],
      ["limits", "set", "colour=red"], ["limits", "set", "message-bytes"], ["frobnicate"],
      ["sessions", "--frobnicate"], ["events", "--frobnicate"],
    ]
    for line in lines {
      let outcome = try await run(Program.path, line + ["--name", engine.name])
      #expect(outcome.failed(64, "wstop: "), "\(line): \(outcome)")
    }
    let both = try await wstop("stats", "--name", "x", "--control", "/tmp/x.sock")
    #expect(both.failed(64, "--name", "--control"), "\(both)")
  }

  @Test("Without an engine every command is one line and exit 69")
  func noEngine() async throws {
    for words in [
      "sessions", "show s-1", "close s-1", "send s-1 --ping", "limits", "stats",
      "limits set message-bytes=1k", "events", "stop",
    ] {
      let outcome = try await run(
        Program.path, words.split(separator: " ").map(String.init) + ["--name", "nobody"])
      #expect(outcome.failed(69, "nobody.sock"), "\(words): \(outcome)")
    }
  }

  @Test("On a terminal a table has its width: columns give way, texts are cut, numbers are not")
  func widths() async throws {
    let engine = try await Engine.start()
    let room = String(repeating: "r", count: 60)
    let client = try await Client.connect(engine.url("/ws/chat/\(room)"))
    let id = try await engine.id(of: client)
    let shell = try await Terminal.shell(columns: 60, rows: 20)
    try await shell.type("$WSTOP sessions --name x")
    try await shell.press("Enter")
    let narrow = try await shell.wait("the table") { $0.contains("1 session") }
    let line = try #require(narrow.line(with: "127.0.0.1:\(client.port)"))
    #expect(line.contains(id) && line.contains("…"), "\(line)")
    #expect(!narrow.contains("RTT") && narrow.contains("IDLE"))
    let wide = try await Terminal.shell(columns: 200, rows: 20)
    try await wide.type("$WSTOP sessions --name x; $WSTOP events --name x")
    try await wide.press("Enter")
    let whole = try await wide.wait("the table") { $0.contains("1 session") }
    #expect(whole.line(with: id)?.contains(room) == true)
    #expect(whole.contains("RTT"))
    try await wide.wait(for: "WHAT HAPPENED")
  }

  @Test("The end of a session names who closed it and the act, in lists, details and the history")
  func actors() async throws {
    let engine = try await Engine.start()
    let client = try await Client.connect(engine.url("/ws/echo"))
    let id = try await engine.id(of: client)
    #expect(try await engine.wstop("close", "--filter", "route=/ws/echo", "--yes").exitCode == 0)
    let shown = try await eventually("it is closed") {
      let outcome = try await engine.wstop("show", id)
      return outcome.text.contains("who\toperator\n") ? outcome : nil
    }
    let actor = try #require(shown.rows.first { $0.first == "actor" }?.last)
    #expect(!actor.isEmpty)
    #expect(shown.rows.contains(["act", "1"]))
    let csv = try await engine.wstop("sessions", "--closed", "--csv").text
    #expect(csv.contains("closed,closed.time,code,who,reason,actor,act\n"))
    #expect(csv.contains(",operator,,\(actor),1\n"), "\(csv)")
    let found = try await engine.wstop("sessions", "--closed", "--filter", "actor=\"\(actor)\"")
    #expect(found.rows.first?.first == id)
    let history = try await eventually("the history has it") {
      let text = try await engine.wstop(
        "history", "--csv", "--since", "yesterday", "--filter", "actor=\"\(actor)\""
      ).text
      return text.contains(id) ? text : nil
    }
    #expect(history.contains("actor,command,act\n") && history.contains(",\(actor),,1\n"))
    let shell = try await Terminal.shell(columns: 160, rows: 20)
    try await shell.type("$WSTOP history --name x --kind session")
    try await shell.press("Enter")
    try await shell.wait(for: "by operator \(actor) (act 1)")
  }
}
