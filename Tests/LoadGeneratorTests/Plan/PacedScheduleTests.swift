import Testing
import Vocabulary

@testable import LoadGenerator

@Suite("wstop load: when messages are due")
struct PacedScheduleTests {
  static func pacing(_ perSecond: Double, _ connectionCount: Int) -> PacedSchedule {
    PacedSchedule(
      start: LoadFixture.at(1000), perSecond: perSecond, connectionCount: connectionCount)
  }

  @Test("Connections take turns, evenly over the second")
  func turns() {
    let pacing = Self.pacing(4, 2)
    #expect(pacing.due(0, on: 0) == LoadFixture.at(1000))
    #expect(pacing.due(0, on: 1) == LoadFixture.at(1250))
    #expect(pacing.due(1, on: 0) == LoadFixture.at(1500))
    #expect(pacing.due(1, on: 1) == LoadFixture.at(1750))
    #expect(pacing.due(10, on: 0) == LoadFixture.at(6000))
  }

  @Test("A rate that does not divide a second does not drift")
  func drift() {
    let pacing = Self.pacing(3, 1)
    #expect(pacing.due(3_000_000, on: 0) == LoadFixture.at(1000 + 1_000_000_000))
    let million = Self.pacing(1_000_000, 7)
    #expect(million.due(1_000_000, on: 0).nanoseconds == 1_000_000_000 + 7_000_000_000)
  }

  @Test("A message that is due after all time never is")
  func never() {
    #expect(Self.pacing(1e-9, 1).due(.max, on: 0) == Instant(nanoseconds: .max))
  }

  @Test(
    "A rate is read per second or minute",
    arguments: [
      ("5000", 5000), ("5000/s", 5000), ("30/m", 0.5), ("0.5/s", 0.5), ("", nil), ("/s", nil),
      ("-1", nil), ("1e3", nil), ("1/h", nil), ("1 /s", nil), ("1.2.3", nil), ("inf", nil),
    ] as [(String, Double?)])
  func rates(text: String, perSecond: Double?) {
    #expect(QuantityText.perSecond(from: text) == perSecond)
  }
}
