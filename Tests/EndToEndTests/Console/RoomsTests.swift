import TestSupport
import Testing

@Suite(
  "Rooms and routes, in the console and on the command line", .workspace, .limited,
  .timeLimit(.minutes(15)))
struct RoomsTests {
  @Test(
    "Rooms show their members and what passes, and open into their sessions",
    arguments: [(80, 24), (200, 50)])
  func console(columns: Int, rows: Int) async throws {
    // A ping would be a message to tap.
    let engine = try await Engine.start("--set", "ping-interval=off")
    let console = try await Terminal.console(engine, columns: columns, rows: rows)
    try await console.press("5")
    try await console.wait(for: "no session is in a room")
    let lobby = try await Client.connect(engine.url("/ws/chat/lobby"), count: 3)
    let other = try await Client.connect(engine.url("/ws/chat/other"))
    let echo = try await Client.connect(engine.url("/ws/echo"))
    try await console.wait("two rooms") { screen in
      screen.matches(#/▸ lobby +3 /#) && screen.matches(#/ other +1 /#)
        && screen.contains("[5 Rooms]")
    }
    // Messages until their rate is on the screen.
    try await until("a rate of messages") {
      try await lobby[0].send("hello")
      return try await console.screen().matches(#/▸ lobby +3 .*[1-9]/#)
    }
    #expect(try await lobby[1].receive() == .text("hello"))
    try await console.press("Enter")
    try await console.wait("the room's sessions") { screen in
      screen.sessionLines.count == 3
        && ![other, echo].contains { screen.contains("127.0.0.1:\($0.port)") }
    }
    try await console.press("Escape")
    try await console.wait(for: "[5 Rooms]")
    try await console.press("1")
    try await console.wait("all sessions") { $0.sessionLines.count == 5 }
    try await console.press("5", "v")
    try await console.wait("the routes") { screen in
      screen.matches(#//ws/chat/\{room\} +4 /#) && screen.matches(#//ws/echo +1 /#)
    }
    try await console.press("v")
    try await console.wait("the rooms") { $0.matches(#/▸ lobby/#) }
    try await console.press("t")
    try await console.wait(for: "Tap of room=lobby", "waiting for messages")
    try await lobby[2].send("tapped")
    try await console.wait(for: "tapped")
    try await console.press("q")
    try await console.wait(for: "[5 Rooms]")
    try await console.press("/")
    try await console.wait(for: "name:")
    try await console.type("OTH")
    try await console.press("Enter")
    try await console.wait("one room") { $0.matches(#/▸ other/#) && !$0.contains("lobby") }
  }

  @Test("A room is sent to and closed from its row, after a count and a yes, and nobody else is")
  func acts() async throws {
    let engine = try await Engine.start()
    let console = try await Terminal.console(engine)
    let lobby = try await Client.connect(engine.url("/ws/chat/lobby"), count: 3)
    let other = try await Client.connect(engine.url("/ws/chat/other"))
    try await console.press("5")
    try await console.wait("two rooms") { $0.matches(#/▸ lobby +3 /#) && $0.contains("other") }
    try await console.press("m")
    try await console.wait(for: "3 of 4 sessions")
    try await console.type("to the lobby")
    try await console.press("Tab", "Tab", "Tab")
    // To many it is sent only if one says so.
    try await console.wait(for: "[Cancel]")
    try await console.press("y")
    for client in lobby { #expect(try await client.receive() == .text("to the lobby")) }
    try await console.press("X")
    try await console.wait(for: "3 of 4 sessions")
    // The answer is No unless one says otherwise.
    try await console.press("Enter", "Tab", "Tab", "Tab")
    try await console.wait(for: "[No]")
    try await console.press("Enter")
    try await console.wait(forEndOf: "Close?")
    try await engine.reaches(openCount: 4)
    try await console.press("X")
    try await console.wait(for: "3 of 4 sessions")
    try await console.press("Enter", "Tab", "Tab", "Tab")
    try await console.wait(for: "[No]")
    try await console.press("y")
    for client in lobby { #expect(try await client.closed().code == 1000) }
    try await console.wait("one room") { $0.matches(#/other +1 /#) && !$0.matches(#/lobby +3 /#) }
    #expect(try await other.pendingCount() == 0)
    #expect(try await engine.wstop("events").text.contains("--filter room=lobby"))
  }

  @Test("wstop rooms and wstop routes list them, for people, programs and as JSON")
  func commands() async throws {
    let engine = try await Engine.start()
    let lobby = try await Client.connect(engine.url("/ws/chat/lobby"), count: 2)
    _ = try await Client.connect(engine.url("/ws/chat/a%20%1b%5b2J"))
    try await until("the members") {
      try await engine.json("rooms", "--now")["total"]?.int == 2
    }
    try await lobby[0].send("hello")
    #expect(try await lobby[1].receive() == .text("hello"))
    let rooms = try await eventually("the message is counted") {
      let rooms = try await engine.json("rooms")
      let group = rooms["groups"]?[0]
      let isComplete = group?["messagesIn"]?.int == 1 && group?["messagesOut"]?.int == 1
      return isComplete ? rooms : nil
    }
    #expect(rooms["kind"]?.string == "rooms" && rooms["total"]?.int == 2)
    let first = try #require(rooms["groups"]?[0])
    #expect(first["name"]?.string == "lobby" && first["sessions"]?.int == 2)
    #expect(first["messagesIn"]?.int == 1 && first["messagesOut"]?.int == 1)
    #expect(first["rates"]?["messagesIn"]?.number != nil, "it waits until they are measured")
    let plain = try await engine.wstop("rooms", "--sort", "-name", "--limit", "1", "--now").text
    #expect(plain.hasPrefix("lobby\t2\t") && plain.split(separator: "\n").count == 1)
    let hostile = try await engine.wstop("rooms", "--match", "A*2j", "--now").text
    #expect(hostile.hasPrefix("a \\u{1b}[2J\t1\t"))
    let routes = try await engine.wstop("routes", "--sort", "name", "--now").text
    #expect(
      routes.split(separator: "\n").map {
        $0.split(separator: "\t").prefix(2).joined(separator: " ")
      }
        == [
          "/ws/api 0", "/ws/chat/{room} 3", "/ws/echo 0", "/ws/echo-async 0", "/ws/stream 0",
        ])
    let wrong = try await engine.wstop("routes", "--sort", "age")
    #expect(wrong.exitCode == 64)
  }
}
