import Foundation
import TestSupport
import Testing

@Suite(
  "The messages of sessions, tapped in the console and on the command line", .workspace,
  .limited, .timeLimit(.minutes(15)))
struct TapTests {
  @Test(
    "A tapped session's messages appear both ways, and it is marked as tapped",
    arguments: [(80, 24), (200, 50)])
  func console(columns: Int, rows: Int) async throws {
    // A ping would be a message too.
    let engine = try await Engine.start("--set", "ping-interval=off")
    let console = try await Terminal.console(engine, columns: columns, rows: rows)
    let client = try await Client.connect(engine.url("/ws/echo"))
    let id = try await engine.id(of: client)
    try await console.wait("a session") { $0.sessionLines.count == 1 }
    try await console.press("t")
    try await console.wait(for: "waiting for messages")
    #expect(try await engine.json("sessions", "--filter", "tapped")["total"]?.int == 1)
    try await client.send("{\"op\":\"hello\",\"n\":[1,2]}")
    #expect(try await client.receive() == .text("{\"op\":\"hello\",\"n\":[1,2]}"))
    try await console.wait("the message, in and out") { screen in
      screen.lines.count { $0.contains("text") && $0.contains("{\"op\":\"hello\"") } == 2
        && screen.contains("Tap of \(id)") && screen.contains("following")
    }
    try await console.press("v")
    try await console.wait(for: "   \"op\": \"hello\",")
    try await console.press("v")
    try await console.wait(for: "0000  7b 22 6f 70 22 3a 22 68 65 6c 6c 6f")
    // What an operator sends shows too, and the client has it.
    #expect(try await engine.wstop("send", id, "--text", "from \u{1B}[2J above").exitCode == 0)
    #expect(try await client.receive() == .text("from \u{1B}[2J above"))
    try await console.press("v")
    try await console.wait(for: "from \\u{1b}[2J above")
    try await client.close(1001, "gone")
    try await console.wait(for: "ENDED", "1001 gone", "session \(id) was closed with 1001 by peer")
    try await console.press("q")
    try await console.wait(for: "no sessions yet")
    try await console.press("6")
    try await console.wait(
      for: "ended the tap of session \(id)", "began to tap session \(id)",
      "wstop tap --name \(engine.name) \(id)")
  }

  @Test("Scrolled back nothing moves while messages come; a search finds one; G follows again")
  func scrolling() async throws {
    // A ping would be one message more.
    let engine = try await Engine.start("--set", "ping-interval=off")
    let console = try await Terminal.console(engine)
    let client = try await Client.connect(engine.url("/ws/echo"))
    try await console.wait("a session") { $0.sessionLines.count == 1 }
    try await console.press("t")
    try await console.wait(for: "waiting for messages")
    for number in 0..<30 { try await client.send("message \(number).") }
    try await console.wait("the last message, out") { screen in
      screen.lines.contains { $0.contains("message 29.") && $0.contains(" out ") }
    }
    try await console.press("g")
    try await console.wait(for: "message 0.")
    for number in 30..<60 { try await client.send("message \(number).") }
    try await console.wait(for: "60 newer", "message 0.", without: ["message 30."])
    try await console.press("/")
    try await console.wait(for: "search:")
    try await console.type("MESSAGE 44.")
    try await console.press("Enter")
    try await console.wait(for: "message 44.")
    try await console.press("G")
    try await console.wait("the end") { $0.contains("message 59.") && $0.contains("following") }
    try await console.press("i")
    try await console.wait(for: "only in")
    for number in 60..<70 { try await client.send("message \(number).") }
    try await console.wait("the last message, in and not out") { screen in
      screen.lines.count { $0.contains("message 69.") && $0.contains(" in ") } == 1
        && !screen.lines.contains { $0.contains("message 69.") && $0.contains(" out ") }
    }
  }

  @Test("wstop tap shows what it is asked for, and ends when it has")
  func command() async throws {
    // A ping would be one message more.
    let engine = try await Engine.start("--set", "ping-interval=off")
    let client = try await Client.connect(engine.url("/ws/echo"))
    let id = try await engine.id(of: client)
    async let json = engine.wstop("tap", id, "--count", "2", "--json")
    async let texts = engine.wstop(
      "tap", "--filter", "route=/ws/echo", "--direction", "in", "--text", "WANTED", "--count", "1")
    async let bytes = engine.wstop("tap", id, "--kind", "binary", "--hex", "--count", "1")
    async let nothing = engine.wstop("tap", id, "--min", "1MiB", "--for", "200ms")
    async let others = engine.wstop(
      "tap", id, "--direction", "in", "--kind", "text", "--text", "!WANTED", "--count", "1")
    let log = try await eventually("five taps") {
      let text = try await engine.wstop("events").text
      return text.split(separator: "\n").count { $0.contains("began to tap") } == 5 ? text : nil
    }
    #expect(log.contains("wstop tap --name \(engine.name) \(id)"))
    try await client.send("h\u{202E}ello")
    try await client.send("one that is wanted")
    try await client.send([0, 0xFF])
    #expect(try await others.text.hasSuffix("\th\\u{202e}ello\n"))
    let lines = try await json.text.split(separator: "\n").map { try JSON(Data($0.utf8)) }
    #expect(lines.map { $0["direction"]?.string } == ["in", "out"])
    #expect(lines.map { $0["text"]?.string } == ["h\u{202E}ello", "h\u{202E}ello"])
    #expect(try await json.text.utf8.allSatisfy { $0 < 0x80 })
    let fields = try await texts.text.split(separator: "\n").map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(fields.count == 1)
    // The client compresses, also what does not become smaller by that.
    let wanted = try #require(fields.first)
    #expect(try Array(wanted.at(1..<5)) == [id, "in", "text", "18"])
    #expect(try Int(wanted.at(5)) != nil)
    #expect(wanted.dropFirst(6) == ["", "one that is wanted"])
    let binary = try await bytes.text
    #expect(binary.contains("\tbinary\t2\t") && binary.hasSuffix("\t00ff\n"))
    let silent = try await nothing
    #expect(silent.exitCode == 0 && silent.text.isEmpty)
  }

  @Test("An engine that forbids taps says so, to the command and on the page")
  func forbidden() async throws {
    let engine = try await Engine.start("--tap", "off")
    let client = try await Client.connect(engine.url("/ws/echo"))
    let id = try await engine.id(of: client)
    let outcome = try await engine.wstop("tap", id)
    #expect(outcome.exitCode == 1)
    #expect(
      outcome.errors == "wstop: the engine forbids taps: it was started with --tap off\n")
    let console = try await Terminal.console(engine)
    try await console.wait("a session") { $0.sessionLines.count == 1 }
    try await console.press("t")
    try await console.wait(for: "the engine forbids taps: it was started with --tap off")
    #expect(try await engine.json("sessions", "--filter", "tapped")["total"]?.int == 0)
  }

  @Test("What is wrong on the command line is usage, and no such session is a refusal")
  func usage() async throws {
    let engine = try await Engine.start()
    for words in [
      [], ["s-4k2", "--filter", "tls"], ["x"], ["s-4k2", "--kind", "letters"],
      ["s-4k2", "--direction", "up"], ["s-4k2", "--min", "2", "--max", "1"],
      ["s-4k2", "--for", "soon"], ["s-4k2", "--count", "0"], ["s-4k2", "--rate", "0"],
      ["--filter", "nonsense"], ["s-4k2", "--json", "--hex"],
    ] {
      let outcome = try await run(Program.path, ["tap", "--name", engine.name] + words)
      #expect(outcome.exitCode == 64, "\(words): \(outcome.errors)")
    }
    let outcome = try await engine.wstop("tap", "s-4k2")
    #expect(outcome.exitCode == 1 && outcome.errors.hasPrefix("wstop: there is no session s-4k2"))
  }
}
