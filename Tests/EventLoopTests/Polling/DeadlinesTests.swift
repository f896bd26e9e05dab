import Testing
import Vocabulary

@testable import EventLoop

@Suite("Wheel of deadlines")
struct DeadlinesTests {
  static let start = Instant(nanoseconds: 1_234_567_891)
  static let tick = Duration.milliseconds(20)

  static func wheel(buckets: Int = 8) -> Deadlines {
    Deadlines(startingAt: start, tick: tick, bucketCount: buckets)
  }

  @Test(
    "None passes early, or more than a tick late, however many turns ahead",
    arguments: [0, 1, 19, 20, 21, 159, 160, 161, 5000, 100_000])
  func bounds(_ milliseconds: Int) {
    var wheel = Self.wheel()
    let due = Self.start.advanced(by: .milliseconds(milliseconds))
    wheel.set(7, at: due)
    var now = Self.start
    while true {
      let passed = wheel.pass(to: now)
      if !passed.isEmpty {
        #expect(passed == [7])
        #expect(now >= due)
        #expect(due.duration(to: now) <= Self.tick + .milliseconds(1))
        break
      }
      #expect(due.duration(to: now) <= Self.tick + .milliseconds(1))
      if due.duration(to: now) > .seconds(1) { break }
      now = now.advanced(by: .milliseconds(1))
    }
    #expect(wheel.count == 0)
  }

  @Test("Waking up exactly when told to passes every deadline in time", arguments: 0..<20)
  func wakeUps(_ seed: Int) {
    var random = Numbers(state: UInt64(seed + 1))
    var wheel = Self.wheel()
    var waiting: [UInt64: Instant] = [:]
    var now = Self.start
    for key in 0..<200 as Range<UInt64> {
      if Bool.random(using: &random) {
        let due = now.advanced(by: .milliseconds(Int.random(in: -50...2000, using: &random)))
        // One in the past passes at the next tick.
        waiting[key] = max(due, now)
        wheel.set(key, at: due)
      }
      #expect(wheel.count == waiting.count)
      guard let next = wheel.nextWakeUp(after: now) else {
        #expect(waiting.isEmpty)
        continue
      }
      for due in waiting.values {
        #expect(next.duration(to: max(due, now).advanced(by: Self.tick * 2)) >= .zero)
      }
      // Woken in time, early by something else, or after a long sleep.
      switch Int.random(in: 0..<4, using: &random) {
      case 0: now = now.advanced(by: .milliseconds(Int.random(in: 0...30, using: &random)))
      case 1: now = now.advanced(by: .milliseconds(Int.random(in: 0...1000, using: &random)))
      default: now = max(now, next)
      }
      for passed in wheel.pass(to: now) {
        let due = waiting.removeValue(forKey: passed)
        #expect(due.map { $0 <= now } == true)
      }
      let late = waiting.values.filter { $0.advanced(by: Self.tick) < now }
      #expect(late.isEmpty)
    }
  }

  @Test("After a sleep of many turns everything due passes, and nothing else")
  func longSleep() {
    var wheel = Self.wheel()
    for key in 0..<100 as Range<UInt64> {
      wheel.set(key, at: Self.start.advanced(by: .milliseconds(Int(key) * 100)))
    }
    let passed = wheel.pass(to: Self.start.advanced(by: .milliseconds(5000)))
    #expect(passed.sorted() == Array(0..<50 as Range<UInt64>))
    #expect(wheel.count == 50)
  }

  @Test("What has passed waits to be taken, one after the other, in order")
  func passed() {
    var wheel = Self.wheel()
    for key in 0..<10 as Range<UInt64> {
      wheel.set(key, at: Self.start.advanced(by: .milliseconds(Int(key) * 25)))
    }
    wheel.advance(to: Self.start.advanced(by: .milliseconds(110)))
    let (first, second) = (wheel.takePassed(), wheel.takePassed())
    #expect(first == 0 && second == 1)
    let (hasPassed, count) = (wheel.hasPassed, wheel.count)
    #expect(hasPassed && count == 8)
    wheel.advance(to: Self.start.advanced(by: .milliseconds(200)))
    #expect(wheel.pass(to: Self.start.advanced(by: .milliseconds(500))) == Array(2..<10))
    let (isAnyLeft, left) = (wheel.hasPassed, wheel.count)
    #expect(!isAnyLeft && left == 0)
  }

  @Test("A key that means nothing any more is dropped within one turn of the wheel, however late")
  func stale() {
    var wheel = Self.wheel()
    for key in 0..<100 as Range<UInt64> {
      wheel.set(key, at: Self.start.advanced(by: .seconds(604_800)))
    }
    #expect(wheel.count == 100)
    wheel.advance(to: Self.start.advanced(by: .milliseconds(200))) { $0 % 2 == 0 }
    let (hasPassed, count) = (wheel.hasPassed, wheel.count)
    #expect(!hasPassed && count == 50)
  }

  @Test("The same key may wait twice")
  func twice() {
    var wheel = Self.wheel()
    wheel.set(1, at: Self.start)
    wheel.set(1, at: Self.start)
    #expect(wheel.pass(to: Self.start.advanced(by: .seconds(1))) == [1, 1])
  }

  @Test("One at the end of time never passes")
  func endOfTime() {
    var wheel = Self.wheel()
    wheel.set(1, at: Instant(nanoseconds: .max))
    #expect(wheel.pass(to: Self.start.advanced(by: .seconds(1_000_000))).isEmpty)
    #expect(wheel.count == 1)
  }

  @Test("An empty wheel wants no wake-up")
  func empty() {
    var wheel = Self.wheel()
    #expect(wheel.nextWakeUp(after: Self.start) == nil)
    #expect(wheel.pass(to: Self.start.advanced(by: .seconds(100))).isEmpty)
  }
}

extension Deadlines {
  /// Turns the wheel and takes everything that has passed.
  fileprivate mutating func pass(to now: Instant) -> [UInt64] {
    advance(to: now)
    var passed: [UInt64] = []
    while let key = takePassed() { passed.append(key) }
    return passed
  }
}
