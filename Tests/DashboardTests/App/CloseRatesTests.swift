import ControlProtocol
import Testing
import Vocabulary

@testable import Dashboard

@Suite("Close rates")
struct CloseRatesTests {
  @Test("Rates come from the totals of the last ten seconds")
  func rates() {
    var rates = CloseRates()
    #expect(rates.perSecond(of: .normalClosure) == nil)
    for second in 0...30 {
      rates.add(
        [
          CloseCount(code: .normalClosure, by: .peer, count: second * 12),
          CloseCount(code: .goingAway, by: .handler, count: second < 25 ? 0 : 10),
        ], at: now + Double(second))
    }
    #expect(rates.perSecond(of: .normalClosure) == 12)
    #expect(rates.perSecond(without: [.normalClosure]) == 1)
    rates.add([], at: now)
    #expect(rates.perSecond(of: .normalClosure) == nil)
  }

  @Test("Pictures faster than twice a second do not shorten the time that is looked at")
  func fast() {
    var rates = CloseRates()
    for tenth in 0...300 {
      rates.add(
        [CloseCount(code: .normalClosure, by: .peer, count: tenth)], at: now + Double(tenth) / 10)
    }
    let rate = rates.perSecond(of: .normalClosure) ?? 0
    #expect(abs(rate - 10) < 0.01)
  }
}
