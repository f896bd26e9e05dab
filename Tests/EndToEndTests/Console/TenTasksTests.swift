import Foundation
import TestSupport
import Testing

/// A person at a terminal, whose keys are counted.
private struct Hand {
  let console: Terminal
  private var keyCount = 0

  init(at console: Terminal) { self.console = console }

  /// Presses keys, one after another.
  mutating func press(_ keys: String...) async throws {
    for key in keys { try await console.press(key) }
    keyCount += keys.count
  }

  /// Types text, a key a character.
  mutating func type(_ text: String) async throws {
    try await console.type(text)
    keyCount += text.count
  }

  /// How many keys there were since the last time.
  mutating func keys() -> Int {
    defer { keyCount = 0 }
    return keyCount
  }
}

@Suite(
  "Ten tasks of an operator, and how many keys each takes", .workspace, .limited,
  .timeLimit(.minutes(15)))
struct TenTasksTests {
  @Test("From the busiest session to the exported history", arguments: [(100, 30), (80, 24)])
  func tasks(columns: Int, rows: Int) async throws {
    let engine = try await Engine.start("--set", "ping-interval=off")
    let busy = try await Client.connect(engine.url("/ws/echo"))
    let lobby = try await Client.connect(engine.url("/ws/chat/lobby"), count: 3)
    let console = try await Terminal.console(engine, columns: columns, rows: rows)
    try await console.wait("four sessions") { $0.sessionLines.count == 4 }
    var hand = Hand(at: console)

    try await findTheBusiest(&hand, busy, try await engine.id(of: busy))
    #expect(hand.keys() == 1)
    try await sendToARoom(&hand, lobby)
    #expect(hand.keys() == 8)
    try await tryALimit(&hand, engine)
    #expect(hand.keys() == 13)
    try await takeTheLimitBack(&hand, engine)
    #expect(hand.keys() == 2)
    try await closeABlock(&hand, engine)
    #expect(hand.keys() == 13)
    try await seeWhySessionsClosed(&hand)
    #expect(hand.keys() == 2)
    try await seeByWhom(&hand)
    #expect(hand.keys() == 1)
    try await correctAMistake(&hand)
    #expect(hand.keys() == 2)
    try await lookBack(&hand)
    #expect(hand.keys() == 1)
    try await copyAnID(&hand)
    #expect(hand.keys() == 2)
    try await exportTheHistory(engine)
    withExtendedLifetime((busy, lobby)) {}
  }

  private func findTheBusiest(_ hand: inout Hand, _ busy: Client, _ id: String) async throws {
    let console = hand.console
    try await hand.press("0")
    try await until("it stands out") {
      _ = try await busy.send(byteCount: 60_000)
      _ = try await busy.receive()
      return try await console.screen().contains(id)
    }
  }

  private func sendToARoom(_ hand: inout Hand, _ members: [Client]) async throws {
    try await hand.press("5")
    try await hand.console.wait("the room") { $0.matches(#/▸ lobby +3 /#) }
    try await hand.press("m")
    try await hand.console.wait(for: "Send to 3 of 4 sessions")
    try await hand.type("hi")
    try await hand.press("Enter", "Enter", "Enter")
    try await hand.console.wait(for: "--text hi", "[Cancel]")
    try await hand.press("y")
    for member in members { #expect(try await member.receive() == .text("hi")) }
    try await hand.console.wait(forEndOf: "Send to 3")
  }

  private func tryALimit(_ hand: inout Hand, _ engine: Engine) async throws {
    try await hand.press("4")
    try await hand.console.wait { $0.matches(#/▸ message-bytes +1MiB/#) }
    try await hand.press("Enter")
    try await hand.console.wait(for: "Change message-bytes")
    // What is typed stands in place of the proposed value.
    try await hand.type("2KiB")
    try await hand.press("Tab", "Tab")
    try await hand.type("10m")
    try await hand.press("Enter")
    try await hand.console.wait(for: "1MiB → 2KiB", "[No]")
    try await hand.press("y")
    try await hand.console.wait { $0.matches(#/▸ message-bytes +2KiB/#) }
    #expect(try await engine.wstop("limits").rows.contains { $0.starts(with: ["message-bytes"]) })
  }

  private func takeTheLimitBack(_ hand: inout Hand, _ engine: Engine) async throws {
    try await hand.press("u")
    try await hand.console.wait(for: "Unset?", "[No]")
    try await hand.press("y")
    try await hand.console.wait { $0.matches(#/▸ message-bytes +1MiB/#) && !$0.contains("Unset?") }
  }

  private func closeABlock(_ hand: inout Hand, _ engine: Engine) async throws {
    try await hand.press("1", "b")
    try await hand.console.wait(for: "Group by")
    try await hand.press("a")
    try await hand.console.wait("one block") { $0.matches(#/▸ 127\.0\.0\.0\/24 +4 /#) }
    try await hand.press("X")
    try await hand.console.wait(for: "Close 4 of 4 sessions")
    try await hand.press("Enter", "Enter")
    try await hand.type("1/m")
    try await hand.press("Enter", "Enter")
    try await hand.console.wait(for: "--rate 1/m", "[No]")
    try await hand.press("y")
    try await hand.console.wait("the act under way") { $0.matches(#/closing [1-3] of 4 at 1\/m/#) }
    try await hand.press("A")
    try await hand.console.wait { $0.matches(#/closed [1-3] of 4, aborted: [1-3] left alone/#) }
  }

  private func seeWhySessionsClosed(_ hand: inout Hand) async throws {
    try await hand.press("3")
    try await hand.console.wait { $0.matches(#/1000 .*[1-3]/#) && $0.contains("[3 Closes]") }
    try await hand.press("Enter")
    try await hand.console.wait("the closed session") {
      $0.contains("code=1000") && !$0.sessionLines.isEmpty
    }
  }

  private func seeByWhom(_ hand: inout Hand) async throws {
    try await hand.press("Enter")
    try await hand.console.wait("who did it") { $0.matches(#/by +operator .+ \(act 2\)/#) }
  }

  private func correctAMistake(_ hand: inout Hand) async throws {
    let console = hand.console
    try await console.press("Escape", "Escape", "1")
    try await console.wait(for: "[1 Sessions]", "by address")
    try await console.press("Escape")
    try await console.wait("single sessions") { !$0.sessionLines.isEmpty }
    try await console.press("/")
    try await console.type("age>>1ms")
    try await console.press("Enter")
    try await console.wait(for: "filter: age>>1ms", "column 5")
    try await hand.press("DC", "Enter")
    try await console.wait("all that match") {
      $0.matches(#/[1-3] of [1-3] match/#) && !$0.contains("filter: age>>")
    }
  }

  private func lookBack(_ hand: inout Hand) async throws {
    try await until("two pictures are kept") {
      try await hand.console.press("{")
      return try await hand.console.screen().contains("PAST")
    }
    try await hand.console.press("Escape")
    try await hand.console.wait(forEndOf: "PAST")
    try await hand.press("{")
    try await hand.console.wait(for: "PAST", " ago")
    try await hand.console.press("Escape")
    try await hand.console.wait(forEndOf: "PAST")
  }

  private func copyAnID(_ hand: inout Hand) async throws {
    let console = hand.console
    let line = try #require(try await console.screen().sessionLines.first)
    try await hand.press("y")
    try await console.wait(for: "i  id ")
    try await hand.press("i")
    try await until("the id is copied") {
      guard let id = try await console.clipboard(), id.hasPrefix("s-") else { return false }
      return line.contains(id)
    }
  }

  private func exportTheHistory(_ engine: Engine) async throws {
    let file = Workspace.current.path("history.csv")
    var hand = Hand(at: try await Terminal.shell(columns: 120))
    let command = "$WSTOP history --name \(engine.name) --csv"
    try await hand.type(command + " > \(file)")
    try await hand.press("Enter")
    try await until("the closed session is in it") {
      let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
      let lines = text.split(whereSeparator: \.isNewline)
      return lines.first?.contains("actor") == true && lines.contains { $0.contains("1000") }
    }
  }
}
