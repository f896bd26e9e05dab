import Testing
import Vocabulary

@testable import ControlServer

@Suite("Events that strangers cause as often as they like")
struct EventTallyTests {
  private static func instant(_ milliseconds: Int64) -> Instant {
    Instant(nanoseconds: milliseconds * 1_000_000)
  }

  @Test("The first of a kind is told at once, the others together, at most one a second")
  func summary() {
    var tally = EventTally()
    var told: [(at: Int64, message: String)] = []
    for millisecond in Int64(0)..<3000 {
      let now = Self.instant(millisecond)
      if let event = tally.add("refused \(millisecond)", of: .refusedUser, at: now) {
        told.append((millisecond, event.message))
      }
      // The control thread's ticks.
      guard millisecond % 1000 == 500 else { continue }
      for event in tally.events(at: now) { told.append((millisecond, event.message)) }
    }
    #expect(told.map(\.at) == [0, 1500])
    #expect(told.map(\.message) == ["refused 0", "refused 1500, the last of 1500"])
    #expect(
      tally.events(at: Self.instant(3500)).map(\.message) == [
        "refused 2999, the last of 1499"
      ])
  }

  @Test("While it goes on there are fewer and fewer, and each is in a count")
  func pauses() {
    var tally = EventTally()
    var toldCount = 0
    var countedCount = 0
    for second in Int64(0)..<3600 {
      let now = Self.instant(second * 1000)
      for number in 0..<50 {
        if tally.add("x\(number)", of: .refusedUser, at: now) != nil {
          toldCount += 1
          countedCount += 1
        }
      }
      for event in tally.events(at: now) {
        toldCount += 1
        countedCount += event.message.split(separator: " ").last.flatMap { Int($0) } ?? 1
      }
    }
    // An hour of it leaves most of the log to others.
    #expect(toldCount < 100)
    #expect(countedCount > 3500 * 50)
    for event in tally.events(at: Self.instant(3_700_000)) {
      countedCount += event.message.split(separator: " ").last.flatMap { Int($0) } ?? 1
    }
    #expect(countedCount == 3600 * 50)
  }

  @Test("Kinds are summed up apart, and one that was quiet is told at once again")
  func kinds() {
    var tally = EventTally()
    #expect(tally.add("a", of: .refusedUser, at: Self.instant(0)) != nil)
    #expect(tally.add("b", of: .droppedClient, at: Self.instant(1)) != nil)
    #expect(tally.add("c", of: .droppedClient, at: Self.instant(2)) == nil)
    #expect(tally.events(at: Self.instant(1100)).map(\.message) == ["c"])
    #expect(tally.events(at: Self.instant(5000)).isEmpty)
    #expect(tally.add("d", of: .droppedClient, at: Self.instant(5001)) != nil)
  }
}
