import ControlProtocol
import EventLoop
import Synchronization
import Testing
import Vocabulary

@testable import ControlServer

@Suite("Ages and durations follow no wall clock")
struct TimelineTests {
  private static let day: Int64 = 86_400_000_000_000
  private static let second: Int64 = 1_000_000_000

  private func reading(_ seconds: Int64, wall: Int64, suspended: Int64 = 0) -> ClockReading {
    ClockReading(
      monotonic: Instant(nanoseconds: seconds * Self.second), wall: wall * Self.second,
      lasting: (seconds + suspended) * Self.second)
  }

  private func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * Self.second) }

  @Test("An instant is shown by the wall clock of its moment, before and after that was set")
  func wall() {
    var timeline = Timeline()
    #expect(timeline.wallSeconds(at: at(1)) == nil)
    timeline.see(reading(100, wall: 10_100))
    timeline.see(reading(101, wall: 10_101))
    // An hour back.
    timeline.see(reading(102, wall: 6502))
    timeline.see(reading(200, wall: 6600))
    #expect(timeline.wallSeconds(at: at(50)) == 10_050)
    #expect(timeline.wallSeconds(at: at(100)) == 10_100)
    #expect(timeline.wallSeconds(at: at(150)) == 6550)
  }

  @Test("A duration has the time in it in which the machine was suspended")
  func suspended() {
    var timeline = Timeline()
    timeline.see(reading(100, wall: 1000))
    timeline.see(reading(110, wall: 1010))
    timeline.see(reading(111, wall: 4611, suspended: 3600))
    let moment = Moment(instant: at(120), seconds: 4620, timeline: timeline)
    #expect(moment.secondsSince(at(100)) == 3620)
    #expect(moment.secondsSince(at(115)) == 5)
    #expect(moment.secondsSince(at(130)) == 0)
  }

  @Test("A clock that is brought to the right time by little and little, or set often, is followed")
  func drift() {
    var timeline = Timeline()
    for second in 0..<100_000 as Range<Int64> {
      timeline.see(
        ClockReading(
          monotonic: at(second), wall: second * 1_000_500_000, lasting: second * Self.second))
    }
    let shown = timeline.wallSeconds(at: at(99_999)) ?? 0
    #expect(abs(shown - 99_999 * 1.0005) <= 0.1)
    let moment = Moment(instant: at(99_999), seconds: shown, timeline: timeline)
    #expect(moment.secondsSince(at(0)) == 99_999)
  }

  /// A wall clock that a test sets.
  private final class SetClock: Sendable {
    private let lead = Mutex<Int64>(0)

    func set(by nanoseconds: Int64) { lead.withLock { $0 += nanoseconds } }

    func reading() -> ClockReading {
      var reading = SystemClock.reading()
      reading.wall += lead.withLock { $0 }
      return reading
    }
  }

  @Test(
    "A wall clock that is set by a day makes no session older or younger", arguments: [1, -1])
  func setClock(days: Int64) throws {
    let clock = SetClock()
    var engine = try SyntheticEngine(clock: { clock.reading() })
    let gone = try engine.open()
    let live = try engine.open()
    engine.close(gone)
    engine.observer.tick()
    let before = try #require(
      engine.observer.window(SessionQuery(), SessionFilter()).rows(0..<1).first)
    clock.set(by: days * Self.day)
    #expect(try engine.ids(SessionQuery(), "age<1h") == [live])
    #expect(try engine.ids(SessionQuery(), "age>1h").isEmpty)
    #expect(try engine.observer.select(SessionFilter("age>1h")).targets.isEmpty)
    #expect(try engine.ids(SessionQuery(show: .closed), "closed<1h age<1h") == [gone])
    #expect(try engine.ids(SessionQuery(show: .closed), "closed>1h").isEmpty)
    let after = try #require(
      engine.observer.window(SessionQuery(), SessionFilter()).rows(0..<1).first)
    #expect((after.ageSeconds ?? -1) >= (before.ageSeconds ?? 0))
    #expect((after.ageSeconds ?? .infinity) < 3600)
    #expect(after.openedAt == before.openedAt, "it is told by the wall clock of then")
    let ended = engine.observer.window(SessionQuery(show: .closed), SessionFilter()).rows(0..<1)
    #expect((ended.first?.ending?.secondsAgo ?? .infinity) < 3600)
    let uptime = engine.observer.statistics().uptimeSeconds
    #expect(uptime >= 0 && uptime < 3600)
    // Sorted by age and by closing they stand as they did.
    #expect(
      try engine.ids(SessionQuery(sort: .age, isDescending: true, show: .all)).count == 2)
  }
}
