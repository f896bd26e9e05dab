import Testing
import Vocabulary
import WebSocketProtocol

@testable import LoadGenerator
@testable import wstop

@Suite("wstop load: the report as text")
struct LoadTextTests {
  private static func at(_ milliseconds: Int) -> Instant {
    Instant(nanoseconds: Int64(milliseconds) * 1_000_000)
  }

  /// A thousand replies of 1 to 1000 µs, and what else a load comes to.
  static func tally() -> LoadTally {
    var tally = LoadTally()
    tally.measured = Self.at(2000)..<Self.at(4000)
    for microseconds in 1...1000 {
      tally.record(replyTime: .microseconds(microseconds))
    }
    tally.firstBegun = Self.at(1000)
    tally.recordOpening(from: Self.at(1000), to: Self.at(1004))
    tally.recordOpening(from: Self.at(1000), to: Self.at(1500))
    tally.failedCount = 3
    tally.failures = [
      .refused(status: 503): 1, .system(call: "connect", number: 111): 2, .handshakeTimedOut: 1,
    ]
    tally.closes = [
      LoadClose(code: .normalClosure, by: .client): 1, LoadClose(code: .goingAway, by: .server): 1,
    ]
    tally.sentCount = 1002
    tally.receivedCount = 1000
    tally.receivedByteCount = 20_000
    tally.wireSentByteCount = 26_052
    tally.mismatchCount = 5
    tally.unansweredCount = 2
    return tally
  }

  static func report(
    _ tally: LoadTally = tally(), _ change: (inout LoadPlan) -> Void = { _ in }
  ) throws -> LoadReport {
    var plan = try LoadCommandTests.plainPlan()
    plan.connectionCount = 5
    plan.activeCount = 5
    change(&plan)
    return LoadReport(plan, tally, wasInterrupted: false)
  }

  @Test("A person gets one subject a line")
  func summary() throws {
    let text = LoadText.summary(try Self.report()).text(as: .terminal(isUTF8: true))
    #expect(
      text == """
        url          ws://127.0.0.1:9/ws/echo
        load         closed loop, 1 in flight on each connection; binary, 20 B; 1 thread
        connections  2 opened, 3 failed, 4/s
        handshake    p50 4.00ms  p90  500ms  p99  500ms  p99.9  500ms  max  500ms
        messages     1 000 in 2s, 500/s, 9.8 KiB/s
        round trip   p50  500µs  p90  900µs  p99  990µs  p99.9  999µs  max 1.00ms
        echoes       5 not as sent
        unanswered   2 messages
        error        2 × connect: Connection refused
        error        1 × refused: HTTP 503 Service Unavailable
        error        1 × the handshake timed out
        closed       1 × 1000 normal closure, by client
        closed       1 × 1001 going away, by server

        """)
    var late = Self.tally()
    late.record(delay: .microseconds(70))
    let paced = LoadText.summary(try Self.report(late) { $0.pace = .rate(100) })
      .text(as: .terminal(isUTF8: true))
    #expect(paced.contains("\nsent late    p50 70.0µs  p90"))
    #expect(paced.contains("paced, 100 messages per second"))
    #expect(paced.contains("\nreply "))
  }

  @Test("A program gets one figure a line, times in microseconds")
  func figures() throws {
    let lines = LoadText.figures(try Self.report()).text(as: .plain).split(separator: "\n")
    for line in [
      "connections.opened\t2", "connections.failed\t3", "messages.per-second\t500",
      "messages.mismatched\t5", "reply.max\t1000", "handshake.max\t500000",
      "error.connect: Connection refused\t2", "closes.1001.server\t1", "seconds\t2",
    ] {
      #expect(lines.contains(Substring(line)), "\(line)")
    }
  }

  @Test(
    "Times are shown to three figures",
    arguments: [
      (0.0, "0.00µs"), (4.56, "4.56µs"), (31.44, "31.4µs"), (998.7, "999µs"), (999.7, "1.00ms"),
      (12_345, "12.3ms"), (999_600, "1.00s"), (61_000_000, "61.0s"), (.infinity, "0.00µs"),
    ] as [(Double, String)])
  func times(microseconds: Double, text: String) {
    #expect(LoadText.time(microseconds) == text)
  }

  @Test("The progress line says what is happening")
  func progress() throws {
    var plan = try LoadCommandTests.plainPlan()
    plan.connectionCount = 19_000
    var picture = LoadRun.Picture()
    picture.opened = 12_400
    picture.failed = 3
    #expect(
      LoadText.progress(picture, of: plan) == "opening: 12 400 of 19 000 connections, 3 failed")
    picture.step = .measuring(secondsLeft: 7.4)
    picture.messagesPerSecond = 61_204
    picture.failed = 0
    #expect(LoadText.progress(picture, of: plan) == "7s left: 61.2k messages/s")
  }

  @Test("Nothing at all makes a text too")
  func nothing() throws {
    let text = LoadText.summary(try Self.report(LoadTally())).text(as: .plain)
    #expect(text.hasPrefix("url\t"))
    #expect(!text.contains("handshake"))
  }
}
