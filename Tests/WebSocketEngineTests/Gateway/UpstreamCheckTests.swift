import TestSupport
import Testing
import Vocabulary

@testable import WebSocketEngine

@Suite("Checks of upstreams")
struct UpstreamCheckTests {
  private let start = Instant(nanoseconds: 1_000_000_000)

  private func after(_ seconds: Double) -> Instant { start.advanced(by: .seconds(seconds)) }

  private func check(jitter: Double = 0) throws -> UpstreamCheck {
    UpstreamCheck(
      try #require(UpstreamCheck.Settings(path: "/healthz")), at: start, jitter: jitter)
  }

  @Test(
    "A path begins with a slash and has visible characters alone",
    arguments: [
      ("/", true), ("/healthz?full=1", true), ("healthz", false), ("", false), ("/a b", false),
      ("/a\r\nX: y", false), ("/é", false), ("/a#b", false),
      ("/" + String(repeating: "x", count: 1023), true),
      ("/" + String(repeating: "x", count: 1024), false),
    ])
  func path(path: String, isPath: Bool) {
    #expect((UpstreamCheck.Settings(path: path) != nil) == isPath)
  }

  @Test("The first check comes within a second, the others every 5 s, a tenth earlier or later")
  func schedule() throws {
    #expect(try check(jitter: 1).deadline == after(1))
    var check = try check(jitter: 0)
    #expect(check.deadline == start && !check.isAsking)
    var now = start
    for (jitter, seconds) in [(0.5, 5.0), (0, 4.5), (1, 5.5), (0.5, 5)] {
      #expect(check.tick(at: now, jitter: 0) == .begin)
      #expect(check.isAsking && check.deadline == now.advanced(by: .seconds(2)))
      #expect(check.tick(at: now.advanced(by: .milliseconds(1999)), jitter: 0) == nil)
      let answered = now.advanced(by: .seconds(1))
      #expect(check.ended(.status(200), at: answered, jitter: jitter) == .up)
      now = now.advanced(by: .seconds(seconds))
      #expect(check.deadline == now, "\(jitter)")
      #expect(check.tick(at: now.advanced(by: .nanoseconds(-1)), jitter: 0) == nil)
    }
  }

  @Test(
    "200 to 399 is up, all else is down until the next check's outcome is known",
    arguments: [
      (200, nil), (204, nil), (302, nil), (399, nil), (101, .badAnswer), (199, .badAnswer),
      (400, .badAnswer), (404, .badAnswer), (500, .badAnswer), (503, .unavailable),
      (504, .gatewayTimeout), (0, .badAnswer), (-1, .badAnswer),
    ] as [(Int, UpstreamFailure?)])
  func statuses(status: Int, reason: UpstreamFailure?) throws {
    var check = try check()
    _ = check.tick(at: start, jitter: 0)
    let verdict = check.ended(.status(status), at: after(0.1), jitter: 0.5)
    guard let reason else {
      #expect(verdict == .up)
      return
    }
    let text = "answered \(status) to GET /healthz, where 200 to 399 is up"
    #expect(verdict == .down(reason, text: text, until: after(7)))
  }

  @Test("A check without an answer is given up after its time, and what comes later says nothing")
  func timeout() throws {
    var check = try check()
    _ = check.tick(at: start, jitter: 0)
    #expect(
      check.tick(at: after(2), jitter: 0.5)
        == .giveUp(.down(.timedOut, text: "no answer to GET /healthz in 2.0 s", until: after(7))))
    #expect(check.ended(.status(200), at: after(3), jitter: 0.5) == nil)
    #expect(check.deadline == after(5))
    #expect(check.tick(at: after(5), jitter: 0.5) == .begin)
  }

  @Test("A check that cannot connect has the reason of that")
  func failure() throws {
    var check = try check()
    _ = check.tick(at: start, jitter: 0)
    let verdict = check.ended(.failed(.refused, text: "connect: no"), at: start, jitter: 0.5)
    #expect(verdict == .down(.refused, text: "connect: no", until: after(7)))
  }

  @Test("An answer may take half the interval at most, so that checks never overlap")
  func longTimeout() throws {
    var settings = try #require(UpstreamCheck.Settings(path: "/"))
    settings.timeout = .seconds(60)
    var check = UpstreamCheck(settings, at: start, jitter: 0)
    #expect(check.tick(at: start, jitter: 0) == .begin)
    #expect(check.deadline == after(2.5))
  }

  @Test("A check that comes late is not followed by one that makes up for it")
  func late() throws {
    var check = try check()
    #expect(check.tick(at: after(60), jitter: 0) == .begin)
    #expect(check.ended(.status(200), at: after(60), jitter: 0.5) == .up)
    #expect(check.deadline == after(65))
  }
}
