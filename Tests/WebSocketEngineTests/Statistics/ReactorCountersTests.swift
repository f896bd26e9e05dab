import Testing

@testable import WebSocketEngine

@Suite("Totals of a reactor")
struct ReactorCountersTests {
  @Test("Each counter counts alone", arguments: ReactorCounters.Counter.allCases)
  func alone(counter: ReactorCounters.Counter) {
    let counters = ReactorCounters()
    counters.add(5, to: counter)
    counters.add(-2, to: counter)
    for other in ReactorCounters.Counter.allCases {
      #expect(counters[other] == (other == counter ? 3 : 0))
    }
  }

  @Test("A turn adds its messages and bytes")
  func turn() {
    var delta = TurnDelta()
    delta.received(messageOf: 20)
    delta.received(messageOf: 30)
    delta.sent(messageOf: 7)
    delta.wireIn = 60
    delta.wireOut = 9
    let counters = ReactorCounters()
    counters.add(delta)
    counters.add(delta)
    #expect(counters[.messagesIn] == 4)
    #expect(counters[.messagesOut] == 2)
    #expect(counters[.bytesIn] == 100)
    #expect(counters[.bytesOut] == 14)
    #expect(counters[.wireIn] == 120)
    #expect(counters[.wireOut] == 18)
  }

  @Test("A maximum rises until it is taken, and begins anew")
  func maximum() {
    let counters = ReactorCounters()
    for amount in [5, 9, 7] { counters.raise(.largestBacklog, to: amount) }
    #expect(counters[.largestBacklog] == 9)
    #expect(counters.takeMaximum(.largestBacklog) == 9)
    #expect(counters.takeMaximum(.largestBacklog) == 0)
    counters.raise(.largestBacklog, to: 3)
    #expect(counters[.largestBacklog] == 3)
  }
}
