import Synchronization
import TestSupport
import Testing
import Vocabulary

@testable import WebSocketEngine

@Suite("Statistics records")
struct StatisticsSlabTests {
  private func identity(_ number: UInt64, route: Int? = 0) -> SessionIdentity {
    SessionIdentity(
      id: SessionID(rawValue: number), openedAt: Instant(nanoseconds: Int64(bitPattern: ~number)),
      route: route)
  }

  private let start = Instant(nanoseconds: 1_000)

  @Test("A record is two cache lines")
  func size() {
    #expect(StatisticsSlab.recordByteCount == 128)
  }

  @Test("A new record has its identity, its times and zeros")
  func fresh() throws {
    let slab = StatisticsSlab(maximumCount: 4)
    let slot = try #require(
      slab.allocate(identity(7, route: 3), state: .opening, flags: [.tls], at: start))
    let sample = try #require(slab.read(slot))
    #expect(sample.identity == identity(7, route: 3))
    #expect(sample.state == .opening)
    #expect(sample.flags == [.tls])
    #expect(sample.lastIn == start && sample.lastOut == start)
    #expect(sample.messagesIn == 0 && sample.wireOut == 0 && sample.backlogPeak == 0)
    #expect(sample.roundTripLast == nil && sample.roundTripSmoothed == nil)
  }

  @Test("The largest backlog is that of a session that is there")
  func largestBacklog() throws {
    let slab = StatisticsSlab(maximumCount: 2000)
    #expect(slab.largestBacklog == 0)
    var slots: [Int] = []
    for number in 0..<1000 {
      let slot = try #require(slab.allocate(identity(UInt64(number)), state: .open, at: start))
      slab.setBacklog(slot, (number * 7919) % 1009)
      slots.append(slot)
    }
    #expect(slab.largestBacklog == 1008)
    for slot in slots {
      slab.setBacklog(slot, 0)
      slab.release(slot)
    }
    #expect(slab.largestBacklog == 0)
  }

  @Test("Turns add up, maxima rise, and each direction has its own time")
  func publishing() throws {
    let slab = StatisticsSlab(maximumCount: 4)
    let slot = try #require(slab.allocate(identity(7), state: .open, at: start))
    var first = TurnDelta()
    first.received(messageOf: 100)
    first.received(messageOf: 20)
    first.wireIn = 132
    first.backlog = 5000
    slab.publish(slot, first, at: Instant(nanoseconds: 2_000))
    var second = TurnDelta()
    second.sent(messageOf: 40)
    second.received(messageOf: 8)
    second.wireIn = 14
    second.wireOut = 42
    second.backlog = 10
    slab.publish(slot, second, at: Instant(nanoseconds: 3_000))
    var third = TurnDelta()
    third.wireOut = 2
    slab.publish(slot, third, at: Instant(nanoseconds: 4_000))

    let sample = try #require(slab.read(slot))
    #expect(sample.messagesIn == 3 && sample.bytesIn == 128 && sample.wireIn == 146)
    #expect(sample.messagesOut == 1 && sample.bytesOut == 40 && sample.wireOut == 44)
    #expect(sample.largestIn == 100 && sample.largestOut == 40)
    #expect(sample.lastIn.nanoseconds == 3_000 && sample.lastOut.nanoseconds == 3_000)
    #expect(sample.backlog == 0 && sample.backlogPeak == 5000)
  }

  @Test("State and flags change without touching one another or the identity")
  func header() throws {
    let slab = StatisticsSlab(maximumCount: 4)
    let whole = identity(9, route: SessionIdentity.maximumRouteIndex)
    let slot = try #require(slab.allocate(whole, state: .opening, at: start))
    slab.setFlag([.compressed, .tapped], of: slot, to: true)
    for state in SessionState.allCases {
      slab.setState(slot, state)
      let sample = try #require(slab.read(slot))
      #expect(sample.state == state)
      #expect(sample.flags == [.compressed, .tapped])
      #expect(sample.identity == whole)
    }
    slab.setFlag(.throttled, of: slot, to: true)
    #expect(slab.read(slot)?.flags == [.compressed, .tapped, .throttled])
    slab.setFlag(.tapped, of: slot, to: false)
    #expect(slab.read(slot)?.flags == [.compressed, .throttled])
  }

  @Test("Round trips are kept in microseconds and smoothed by eighths")
  func roundTrips() throws {
    let slab = StatisticsSlab(maximumCount: 1)
    let slot = try #require(slab.allocate(identity(1), state: .open, at: start))
    slab.recordRoundTrip(slot, .microseconds(800))
    #expect(slab.read(slot)?.roundTripLast == 800_000)
    #expect(slab.read(slot)?.roundTripSmoothed == 800_000)
    slab.recordRoundTrip(slot, .microseconds(1600))
    #expect(slab.read(slot)?.roundTripLast == 1_600_000)
    #expect(slab.read(slot)?.roundTripSmoothed == 900_000)
    slab.recordRoundTrip(slot, .nanoseconds(1))
    #expect(slab.read(slot)?.roundTripLast == 1_000)
    slab.recordRoundTrip(slot, .seconds(1_000_000))
    #expect(slab.read(slot)?.roundTripLast == Int64(UInt32.max) * 1000)
  }

  @Test("Backlog outside a turn sets the present and raises the peak")
  func backlog() throws {
    let slab = StatisticsSlab(maximumCount: 1)
    let slot = try #require(slab.allocate(identity(1), state: .open, at: start))
    slab.setBacklog(slot, 300)
    slab.setBacklog(slot, 20)
    #expect(slab.read(slot)?.backlog == 20)
    #expect(slab.read(slot)?.backlogPeak == 300)
  }

  @Test("Dropped messages are counted by session, also where others of its chunk had none")
  func dropped() throws {
    let slab = StatisticsSlab(maximumCount: 1100)
    let slots = try (0..<1100).map { number in
      try #require(slab.allocate(identity(UInt64(number + 1)), state: .open, at: start))
    }
    for _ in 0..<3 { slab.countDropped(slots[600]) }
    slab.countDropped(slots[1023])
    var counts: [Int: Int] = [:]
    slab.forEachOpen { slot, sample in
      if sample.droppedMessages > 0 { counts[slot] = sample.droppedMessages }
    }
    #expect(counts == [slots[600]: 3, slots[1023]: 1])
    slab.release(slots[600])
    let next = try #require(slab.allocate(identity(5000), state: .open, at: start))
    #expect(next == slots[600] && slab.read(next)?.droppedMessages == 0)
    slab.countDropped(next)
    #expect(slab.read(next)?.droppedMessages == 1)
  }

  @Test("The maximum holds, and a released slot is used again with nothing left in it")
  func bounded() throws {
    let slab = StatisticsSlab(maximumCount: 2)
    let first = try #require(slab.allocate(identity(1), state: .open, at: start))
    let second = try #require(slab.allocate(identity(2), state: .open, at: start))
    #expect(slab.allocate(identity(3), state: .open, at: start) == nil)
    var delta = TurnDelta()
    delta.received(messageOf: 9)
    slab.publish(first, delta, at: start)
    slab.recordRoundTrip(first, .seconds(1))
    slab.release(first)
    #expect(slab.read(first) == nil)
    let third = try #require(slab.allocate(identity(3), state: .open, at: start))
    #expect(third == first)
    let sample = try #require(slab.read(third))
    #expect(sample.identity == identity(3))
    #expect(sample.messagesIn == 0 && sample.largestIn == 0 && sample.roundTripLast == nil)
    #expect(slab.read(second)?.identity == identity(2))
  }

  @Test("Records span chunks, and reading visits each that is in use")
  func chunks() throws {
    let slab = StatisticsSlab(maximumCount: 1_300)
    var slots: [Int] = []
    for number in 0..<1_300 {
      slots.append(
        try #require(slab.allocate(identity(UInt64(number)), state: .open, at: start)))
    }
    #expect(Set(slots).count == 1_300)
    for slot in slots where slot % 3 == 0 { slab.release(slot) }
    var seen: [UInt64] = []
    slab.forEachOpen { slot, sample in
      #expect(slots[Int(sample.identity.id.rawValue)] == slot)
      seen.append(sample.identity.id.rawValue)
    }
    #expect(seen == (0..<1_300).filter { $0 % 3 != 0 })
  }

  @Test("Slots that were never used read as nothing")
  func outside() {
    let slab = StatisticsSlab(maximumCount: 3)
    #expect(slab.read(-1) == nil && slab.read(0) == nil && slab.read(3) == nil)
  }

  @Test(
    "A reader never sees one session's numbers under another's name", .limited,
    .timeLimit(.minutes(10)))
  func neverTorn() async {
    let race = SlabRace()
    let readers = (0..<2).map { _ in Task.detached(priority: .high) { await race.read() } }
    await Task.detached(priority: .high) { await race.write() }.value
    for reader in readers {
      let (sampleCount, tornCount) = await reader.value
      #expect(sampleCount > 0)
      #expect(tornCount == 0)
    }
  }
}

/// One writer that opens and closes sessions as fast as it can, and readers that look on.
///
/// Every word of a record is derived from its number, so a mixture of two shows.
private final class SlabRace: Sendable {
  private let slab = StatisticsSlab(maximumCount: 8)
  private let isFinished = Atomic(false)

  func write() async {
    var held: [Int] = []
    for number in 1...100_000 {
      if held.count == 8 { slab.release(held.remove(at: number % 8)) }
      let identity = SessionIdentity(
        id: SessionID(rawValue: UInt64(number)), openedAt: Instant(nanoseconds: Int64(~number)),
        route: number % 1000)
      let now = Instant(nanoseconds: 0)
      guard let slot = slab.allocate(identity, state: .open, at: now) else { continue }
      var delta = TurnDelta()
      delta.messagesIn = number
      delta.bytesIn = number
      delta.largestIn = number
      slab.publish(slot, delta, at: now)
      held.append(slot)
      if number % 256 == 0 { await Task.yield() }
    }
    isFinished.store(true, ordering: .releasing)
  }

  func read() async -> (sampleCount: Int, tornCount: Int) {
    var sampleCount = 0
    var tornCount = 0
    var isLast: Bool
    // Once more behind the end, for a reader that comes late.
    repeat {
      isLast = isFinished.load(ordering: .acquiring)
      slab.forEachOpen { _, sample in
        sampleCount += 1
        let number = Int(sample.identity.id.rawValue)
        let counts = [sample.messagesIn, sample.bytesIn, sample.largestIn]
        if sample.identity.openedAt.nanoseconds != Int64(~number)
          || sample.identity.route != number % 1000
          || !counts.allSatisfy({ $0 == 0 || $0 == number })
        {
          tornCount += 1
        }
      }
      await Task.yield()
    } while !isLast
    return (sampleCount, tornCount)
  }
}
