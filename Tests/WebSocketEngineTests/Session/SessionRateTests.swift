import Testing
import Vocabulary

@testable import WebSocketEngine

@Suite("What a peer may send where a rate is set")
struct SessionRateTests {
  private static let start = Instant(nanoseconds: 1_000_000_000)

  private static func at(_ milliseconds: Int) -> Instant {
    start.advanced(by: .milliseconds(milliseconds))
  }

  private static func limits(_ flags: String...) throws -> SessionLimits {
    SessionLimits(try LimitSettings(environment: [:], flags: flags))
  }

  private static func rate(_ limits: SessionLimits, received: Int = 0) throws -> SessionRate {
    try #require(SessionRate(limits, receivedByteCount: received, now: start))
  }

  @Test("Without a rate there is nothing to hold, whatever the bursts and the policy are")
  func off() throws {
    let limits = try Self.limits("messages-burst=1", "bytes-burst=1", "rate-policy=pause")
    #expect(SessionRate(limits, receivedByteCount: 0, now: Self.start) == nil)
  }

  @Test("As many messages as the burst has, whatever their size; the next one breaks the limit")
  func messages() throws {
    let rate = try Self.rate(try Self.limits("messages-per-second=10", "messages-burst=3"))
    for size in [0, 1_000_000, 1] { #expect(rate.take(messageOf: size) == nil) }
    #expect(rate.exhausted == .messagesPerSecond)
    #expect(rate.allowsMessageAt > Self.at(99) && rate.allowsMessageAt < Self.at(101))
    rate.refill(now: Self.at(99))
    #expect(rate.take(messageOf: 0) == .messagesPerSecond)
  }

  @Test("A message that begins in time may end, in pieces too; the next one waits for its size")
  func bytes() throws {
    let rate = try Self.rate(try Self.limits("bytes-per-second=1000", "bytes-burst=10"))
    #expect(rate.take(partOf: 600) == nil)
    #expect(rate.exhausted == .bytesPerSecond)
    #expect(rate.take(partOf: 600) == nil)
    #expect(rate.take(partOf: 1500) == nil)
    #expect(rate.take(messageOf: 2010) == nil)
    // 10 of 2010 were there, and the next one wants a token too.
    #expect(rate.allowsMessageAt > Self.at(2000) && rate.allowsMessageAt <= Self.at(2002))
    rate.refill(now: Self.at(1999))
    #expect(rate.take(partOf: 1) == .bytesPerSecond)
  }

  @Test("A message that begins too early breaks the limit also when it comes whole")
  func early() throws {
    let rate = try Self.rate(try Self.limits("bytes-per-second=10"))
    #expect(rate.take(messageOf: 10) == nil)
    #expect(rate.take(messageOf: 0) == nil)
    #expect(rate.take(messageOf: 1) == .bytesPerSecond)
  }

  @Test("What came of a message before the rate was set is not charged")
  func underWay() throws {
    let rate = try Self.rate(try Self.limits("bytes-per-second=10"), received: 5000)
    #expect(rate.take(messageOf: 5009) == nil)
    #expect(rate.exhausted == nil)
  }

  @Test("The later of two rates counts")
  func both() throws {
    let rate = try Self.rate(try Self.limits("messages-per-second=1", "bytes-per-second=100"))
    #expect(rate.take(messageOf: 600) == nil)
    #expect(rate.exhausted == .messagesPerSecond)
    rate.refill(now: Self.at(1000))
    #expect(rate.exhausted == .bytesPerSecond)
    #expect(rate.allowsMessageAt > Self.at(5000))
  }

  @Test("Other limits hold at once; one that is new begins full, one that ends is gone")
  func adopt() throws {
    let rate = try Self.rate(try Self.limits("messages-per-second=1"))
    _ = rate.take(messageOf: 1)
    let limits = try Self.limits("bytes-per-second=8", "rate-policy=pause")
    #expect(rate.adopt(limits, now: Self.start))
    #expect(rate.exhausted == nil && rate.policy == .pause)
    #expect(rate.take(messageOf: 8) == nil)
    #expect(rate.exhausted == .bytesPerSecond)
    #expect(!rate.adopt(try Self.limits(), now: Self.start))
  }

  @Test("One timer is set for one wait, and an earlier one if a change demands it")
  func timer() throws {
    let rate = try Self.rate(try Self.limits("messages-per-second=1"))
    _ = rate.take(messageOf: 1)
    let due = try #require(rate.timerDue(now: Self.start))
    #expect(due == rate.allowsMessageAt)
    #expect(rate.timerDue(now: Self.at(500)) == nil)
    #expect(rate.adopt(try Self.limits("messages-per-second=100"), now: Self.at(500)))
    let sooner = try #require(rate.timerDue(now: Self.at(500)))
    #expect(sooner < due)
    #expect(rate.timerDue(now: Self.at(500)) == nil)
  }
}
