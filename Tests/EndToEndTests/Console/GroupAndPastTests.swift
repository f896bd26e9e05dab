import TestSupport
import Testing

@Suite(
  "Groups of the table and its past, in a terminal", .workspace, .limited, .timeLimit(.minutes(15)))
struct GroupAndPastTests {
  @Test("b groups the sessions, Enter opens a group and Esc goes back; the command has the same")
  func groups() async throws {
    let engine = try await Engine.start()
    let console = try await Terminal.console(engine, columns: 140, rows: 30)
    let echo = try await Client.connect(engine.url("/ws/echo"))
    let lobby = try await Client.connect(engine.url("/ws/chat/lobby"))
    try await console.wait("two sessions") { $0.sessionLines.count == 2 }
    try await console.press("b")
    try await console.wait(for: "Group by", "r  route", "a  address block")
    try await console.press("r")
    try await console.wait("a row a route") { screen in
      screen.contains("by route  sort sessions") && screen.sessionLines.isEmpty
        && screen.matches(#/^. \/ws\/echo +1 /#) && screen.matches(#/^. \/ws\/chat\/\{room\} +1 /#)
    }
    try await console.press("b")
    try await console.wait(for: "Group by", "none: single sessions")
    try await console.press("a")
    try await console.wait("one block") { $0.matches(#/^▸ 127\.0\.0\.0\/24 +2 /#) }
    try await console.press("Enter")
    try await console.wait("the sessions of the block") { screen in
      screen.sessionLines.count == 2 && screen.contains("filter addr=127.0.0.0/24")
    }
    try await console.press("Escape")
    try await console.wait("the groups again") { $0.matches(#/^▸ 127\.0\.0\.0\/24 +2 /#) }
    let list = try await engine.wstop(
      "groups", "--by", "addr", "--filter", "route=/ws/echo", "--now")
    #expect(list.exitCode == 0 && list.text.hasPrefix("127.0.0.0/24\t1\t"))
    #expect(try await engine.wstop("groups", "--by", "colour").exitCode == 64)
    withExtendedLifetime((echo, lobby)) {}
  }

  @Test("[ shows the table as it was, in which nothing can be done; Esc is now")
  func past() async throws {
    let engine = try await Engine.start()
    // No picture has less than one session.
    let first = try await Client.connect(engine.url("/ws/echo"))
    _ = try await engine.id(of: first)
    let console = try await Terminal.console(engine, columns: 140, rows: 30)
    try await console.wait("a session") { $0.sessionLines.count == 1 }
    // Two pictures of one session are kept before the other comes.
    try await console.press("[", until: "PAST", changing: \.lines)
    try await console.press("Escape")
    try await console.wait(for: "this is now", without: ["PAST"])
    let second = try await Client.connect(engine.url("/ws/echo"))
    try await console.wait("two sessions") { $0.sessionLines.count == 2 }
    for _ in 0..<60 {
      try await console.press("[")
      let screen = try await console.wait(for: "PAST")
      if screen.sessionLines.count == 1 { break }
    }
    try await console.wait("one session, in the past") { screen in
      screen.sessionLines.count == 1 && screen.contains("PAST") && screen.contains(" ago")
    }
    try await console.press("X")
    try await console.wait(for: "only to look at: Esc goes back to now", without: ["Close?"])
    try await console.press("Escape")
    try await console.wait("both sessions, now") { screen in
      screen.sessionLines.count == 2 && !screen.contains("PAST")
    }
    withExtendedLifetime((first, second)) {}
  }
}
