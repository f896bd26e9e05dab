import TestSupport
import Testing
import Vocabulary

@testable import WebSocketEngine

@Suite("Health of upstreams")
struct UpstreamHealthTests {
  private let start = Instant(nanoseconds: 5_000_000_000)

  /// A health that one failed attempt has put down, without jitter.
  private func down(_ reason: UpstreamFailure = .refused) -> UpstreamHealth {
    var health = UpstreamHealth()
    let attempt = health.begin(at: start)
    #expect(health.failed(attempt, reason, at: start, jitter: 0.5) == .wentDown)
    return health
  }

  private func after(_ seconds: Double) -> Instant { start.advanced(by: .seconds(seconds)) }

  @Test("Pauses grow from one second to a minute, as long as attempts after them fail")
  func pauses() throws {
    var health = down()
    var now = start
    for seconds in [1, 2, 4, 8, 16, 32, 60, 60, 60] {
      let end = now.advanced(by: .seconds(seconds))
      #expect(health.retryAt == end)
      #expect(!health.isAvailable(at: end.advanced(by: .nanoseconds(-1))))
      #expect(health.isAvailable(at: end))
      now = end
      let attempt = health.begin(at: now)
      #expect(attempt.kind == .trial)
      #expect(health.failed(attempt, .timedOut, at: now, jitter: 0.5) == nil)
      #expect(health.reason == .timedOut)
    }
    now = now.advanced(by: .seconds(60))
    let attempt = health.begin(at: now)
    let passed = start.duration(to: now)
    #expect(health.succeeded(attempt, at: now) == .wentUp(downFor: passed))
    #expect(health.isUp && health.reason == nil)
    let next = health.begin(at: now)
    #expect(health.failed(next, .refused, at: now, jitter: 0.5) == .wentDown)
    #expect(health.retryAt == now.advanced(by: .seconds(1)), "it begins anew")
  }

  @Test("Pauses are up to a quarter shorter or longer", arguments: [(0.0, 0.75), (1, 1.25)])
  func jitter(jitter: Double, seconds: Double) {
    var health = UpstreamHealth()
    let attempt = health.begin(at: start)
    _ = health.failed(attempt, .refused, at: start, jitter: jitter)
    #expect(health.retryAt == after(seconds))
  }

  @Test("While it is down one attempt is let through when the pause is over, and no second one")
  func trial() {
    var health = down()
    let attempt = health.begin(at: after(1))
    #expect(attempt.kind == .trial)
    #expect(!health.isAvailable(at: after(100)) && !health.isLastResort)
    health.abandoned(attempt)
    #expect(health.isAvailable(at: after(1)), "the client left: another one may try")
    let again = health.begin(at: after(1))
    #expect(health.failed(again, .refused, at: after(1), jitter: 0.5) == nil)
    #expect(!health.isAvailable(at: after(2.9)) && health.isAvailable(at: after(3)))
  }

  @Test("Attempts that were under way when it went down neither lengthen the pause nor end it")
  func stale() {
    var health = UpstreamHealth()
    let attempts = (0..<50).map { _ in health.begin(at: start) }
    #expect(health.failed(attempts[0], .refused, at: start, jitter: 0.5) == .wentDown)
    for attempt in attempts[1..<25] {
      #expect(health.failed(attempt, .refused, at: after(0.1), jitter: 0.5) == nil)
    }
    for attempt in attempts[25...] { #expect(health.succeeded(attempt, at: after(0.2)) == nil) }
    #expect(!health.isUp && health.retryAt == after(1))
    let trial = health.begin(at: after(1))
    #expect(health.succeeded(trial, at: after(1)) == .wentUp(downFor: .seconds(1)))
    #expect(health.failed(attempts[3], .refused, at: after(2), jitter: 0.5) == nil)
    #expect(health.isUp)
  }

  @Test("An attempt as the last resort may end the pause, and leaves it as long as it was")
  func lastResort() {
    var health = down()
    #expect(health.isLastResort && !health.isAvailable(at: after(0.5)))
    let attempt = health.begin(at: after(0.5))
    #expect(attempt.kind == .lastResort && !health.isLastResort)
    #expect(health.failed(attempt, .reset, at: after(0.6), jitter: 0.5) == nil)
    #expect(health.retryAt == after(1) && health.isLastResort)
    let next = health.begin(at: after(0.7))
    #expect(health.succeeded(next, at: after(0.7)) == .wentUp(downFor: .seconds(0.7)))
  }

  @Test("A check that fails keeps attempts away until the next one, and its success ends that")
  func checks() {
    var health = UpstreamHealth()
    #expect(health.checkFailed(.badAnswer, until: after(7), at: start) == .wentDown)
    #expect(!health.isAvailable(at: after(6.9)))
    #expect(health.checkFailed(.badAnswer, until: after(12), at: after(5)) == nil)
    #expect(!health.isAvailable(at: after(11.9)) && health.isAvailable(at: after(12)))
    #expect(health.checkSucceeded(at: after(10)) == .wentUp(downFor: .seconds(10)))
    #expect(health.checkSucceeded(at: after(15)) == nil)
  }

  @Test(
    "A check that succeeds ends the pause of who could not be connected to, not of a bad answer's",
    arguments: UpstreamFailure.allCases)
  func checkAfterFailure(reason: UpstreamFailure) {
    var health = down(reason)
    let isLifted = [.refused, .unreachable, .timedOut, .tls].contains(reason)
    #expect((health.checkSucceeded(at: after(0.5)) != nil) == isLifted)
    #expect(health.isUp == isLifted)
  }
}
