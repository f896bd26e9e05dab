import Testing
import Vocabulary

@testable import WebSocketEngine

@Suite("Token buckets")
struct TokenBucketTests {
  private static func at(_ milliseconds: Int64) -> Instant {
    Instant(nanoseconds: 5_000_000_000 + milliseconds * 1_000_000)
  }

  /// How many tokens are there, found by taking them from a copy.
  private static func tokens(_ bucket: TokenBucket) -> Int {
    var (bucket, count) = (bucket, 0)
    while bucket.holdsOne {
      bucket.take(1)
      count += 1
    }
    return count
  }

  @Test("It is full at first, and full again after as long as its burst takes to come")
  func burst() {
    var bucket = TokenBucket(RateLimit(perSecond: 10, burst: 4), now: Self.at(0))
    #expect(Self.tokens(bucket) == 4)
    bucket.take(4)
    #expect(!bucket.holdsOne)
    for (milliseconds, count) in [(99, 0), (100, 1), (250, 2), (399, 3), (400, 4), (9000, 4)] {
      bucket.refill(now: Self.at(Int64(milliseconds)))
      #expect(Self.tokens(bucket) == count, "after \(milliseconds) ms")
    }
  }

  @Test("Whoever takes what comes gets exactly the rate, however often it is counted")
  func rate() {
    for perSecond in [1, 3, 1000, 1_000_000] {
      var bucket = TokenBucket(RateLimit(perSecond: perSecond, burst: perSecond), now: Self.at(0))
      bucket.take(perSecond)
      var taken = 0
      for milliseconds in stride(from: Int64(7), through: 10_003, by: 7) {
        bucket.refill(now: Self.at(milliseconds))
        let count = Self.tokens(bucket)
        bucket.take(count)
        taken += count
      }
      #expect(abs(taken - perSecond * 10) <= perSecond / 100 + 1, "\(perSecond) a second")
    }
  }

  @Test("What is larger than the burst is a debt, paid by its size")
  func debt() {
    var bucket = TokenBucket(RateLimit(perSecond: 1000, burst: 10), now: Self.at(0))
    bucket.take(3010)
    #expect(!bucket.holdsOne)
    let due = bucket.holdsOneAt
    #expect(due >= Self.at(3001) && due < Self.at(3002))
    bucket.refill(now: Self.at(3000))
    #expect(!bucket.holdsOne)
    bucket.refill(now: due)
    #expect(bucket.holdsOne && Self.tokens(bucket) == 1)
  }

  @Test("When a token is there it says so, and asked at that time it is")
  func due() {
    var bucket = TokenBucket(RateLimit(perSecond: 3, burst: 1), now: Self.at(0))
    #expect(bucket.holdsOneAt == Self.at(0))
    for _ in 0..<1000 {
      bucket.take(1)
      let due = bucket.holdsOneAt
      bucket.refill(now: due)
      #expect(bucket.holdsOne)
    }
    var owing = TokenBucket(RateLimit(perSecond: 1, burst: 1), now: Self.at(0))
    owing.take(.max)
    #expect(owing.holdsOneAt == Instant(nanoseconds: .max))
  }

  @Test("A grace keeps what came beyond the burst, and no longer than once")
  func grace() {
    var bucket = TokenBucket(RateLimit(perSecond: 1000, burst: 1), now: Self.at(0))
    bucket.take(1)
    bucket.refill(now: Self.at(20), grace: .milliseconds(100))
    #expect(Self.tokens(bucket) == 20)
    bucket.refill(now: Self.at(20))
    #expect(Self.tokens(bucket) == 20)
    bucket.refill(now: Self.at(21))
    #expect(Self.tokens(bucket) == 1)
    bucket.take(1)
    bucket.refill(now: Self.at(60_000), grace: .milliseconds(100))
    #expect(Self.tokens(bucket) == 101)
  }

  @Test("A time that runs backwards changes nothing")
  func backwards() {
    var bucket = TokenBucket(RateLimit(perSecond: 1, burst: 1), now: Self.at(1000))
    bucket.take(1)
    bucket.refill(now: Self.at(0))
    #expect(!bucket.holdsOne)
    bucket.refill(now: Self.at(1999))
    #expect(!bucket.holdsOne)
    bucket.refill(now: Self.at(2000))
    #expect(bucket.holdsOne)
  }

  @Test("Another rate holds from its moment on: what was earned and what is owed stays")
  func change() {
    var bucket = TokenBucket(RateLimit(perSecond: 10, burst: 100), now: Self.at(0))
    bucket.change(to: RateLimit(perSecond: 10, burst: 5), now: Self.at(0))
    #expect(Self.tokens(bucket) == 5)
    bucket.take(25)
    bucket.change(to: RateLimit(perSecond: 1000, burst: 1000), now: Self.at(1000))
    #expect(!bucket.holdsOne)
    bucket.refill(now: Self.at(1010))
    #expect(!bucket.holdsOne)
    bucket.refill(now: Self.at(1011))
    #expect(Self.tokens(bucket) == 1)
  }
}
