import Testing
import Vocabulary

@Suite("Instants and durations")
struct InstantTests {
  @Test("What comes at equal intervals is not late because it was late before")
  func intervals() {
    let interval = Duration.milliseconds(100)
    var due = Instant(nanoseconds: 0)
    for number in 1...50 {
      // Found due at the next 20 ms.
      let now = Instant(nanoseconds: (due.nanoseconds / 20_000_000 + 1) * 20_000_000)
      due = due.next(every: interval, after: now)
      #expect(due == Instant(nanoseconds: Int64(number) * 100_000_000))
    }
    let late = Instant(nanoseconds: due.nanoseconds + 250_000_000)
    #expect(due.next(every: interval, after: late) == late.advanced(by: interval))
  }

  @Test("An instant moves by a duration and saturates")
  func advanced() {
    let origin = Instant(nanoseconds: 5)
    #expect(origin.advanced(by: .seconds(1)).nanoseconds == 1_000_000_005)
    #expect(origin.advanced(by: .nanoseconds(-6)).nanoseconds == -1)
    #expect(origin.advanced(by: .seconds(Int64.max)).nanoseconds == .max)
  }

  @Test("The distance of two instants has a sign")
  func distance() {
    let (early, late) = (Instant(nanoseconds: 1), Instant(nanoseconds: 4))
    #expect(early < late)
    #expect(early.duration(to: late) == .nanoseconds(3))
    #expect(late.duration(to: early) == .nanoseconds(-3))
  }

  @Test(
    "Whole nanoseconds saturate to 64 bits",
    arguments: [
      (.zero, 0), (.milliseconds(1500), 1_500_000_000), (.nanoseconds(-1), -1),
      (.seconds(Int64.max), .max), (.seconds(Int64.min), .min),
      (Duration(secondsComponent: 0, attosecondsComponent: 1_999_999_999), 1),
    ] as [(Duration, Int64)] as [(Duration, Int64)])
  func wholeNanoseconds(duration: Duration, expected: Int64) {
    #expect(duration.wholeNanoseconds == expected)
  }

  @Test("Seconds are a number")
  func inSeconds() {
    #expect(Duration.milliseconds(1500).inSeconds == 1.5)
    #expect(Duration.milliseconds(-250).inSeconds == -0.25)
  }
}
