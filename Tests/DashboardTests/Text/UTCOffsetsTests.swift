import Testing

@testable import Dashboard

@Suite("Local time is that of the moment which is shown")
struct UTCOffsetsTests {
  private static let spring = 1_774_746_000.0
  private static let autumn = 1_792_890_000.0

  /// Central Europe in 2026.
  private static func offset(_ moment: Double) -> Int {
    (spring..<autumn).contains(moment) ? 7200 : 3600
  }

  private let berlin = UTCOffsets(
    in: 1_700_000_000...1_900_000_000, step: 7 * 86_400, offset: offset)

  @Test("To the second in spring and in autumn, and beyond the span as at its ends")
  func changes() {
    for moment in [0, Self.spring - 1, Self.spring, Self.spring + 1, Self.autumn - 1, Self.autumn] {
      #expect(berlin.seconds(at: moment) == Self.offset(moment), "\(moment)")
    }
    #expect(berlin.seconds(at: 3e9) == 3600)
  }

  @Test("An entry of the summer is shown in summer time, also in winter")
  func summer() {
    #expect(HumanText.dayAndTime(1_782_871_200, berlin) == "07-01 04:00:00")
    #expect(HumanText.dayAndTime(1_798_768_800, berlin) == "01-01 03:00:00")
    #expect(HumanText.timeOfDay(1_782_871_200, berlin) == "04:00:00")
  }

  @Test("A moment that is no number is shown as some time", arguments: [Double.nan, .infinity])
  func noNumber(moment: Double) {
    #expect(HumanText.timeOfDay(moment, berlin).utf8.count == 8)
  }
}
