import ControlProtocol
import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@testable import ControlServer
@testable import WebSocketEngine

@Suite("Rates of upstreams")
struct UpstreamMeterTests {
  private let start = Instant(nanoseconds: 0)

  private func after(_ seconds: Double) -> Instant { start.advanced(by: .seconds(seconds)) }

  private func upstreams(_ count: Int) throws -> [Upstream] {
    UpstreamPool(
      route: "/", targets: try (0..<count).map { try UpstreamURL("unix:/run/\($0)") },
      reactorCount: 1, notices: Notices()
    ).upstreams
  }

  private func pass(_ messageCount: Int, at upstream: Upstream) {
    var delta = TurnDelta()
    for _ in 0..<messageCount { delta.received(messageOf: 8) }
    upstream.traffic.add(delta, ofReactor: 0)
  }

  @Test("Rates are differences of two ticks by the time between them, while somebody looks")
  func rates() throws {
    let all = try upstreams(2)
    var meter = UpstreamMeter()
    meter.tick({ all }, at: start)
    #expect(meter.rates(of: all[0]) == nil, "nobody looks")
    pass(50, at: all[0])
    meter.want([all[0]], at: start)
    #expect(meter.rates(of: all[0]) == nil)
    pass(30, at: all[0])
    pass(10, at: all[1])
    meter.tick({ all }, at: after(0.3))
    #expect(meter.rates(of: all[0]) == nil, "too soon for a rate")
    meter.tick({ all }, at: after(2))
    #expect(meter.rates(of: all[0])?.messagesIn == 15 && meter.rates(of: all[0])?.bytesIn == 120)
    #expect(meter.rates(of: all[1])?.messagesIn == 5, "one that came meanwhile had nothing before")
    meter.tick({ [all[0]] }, at: after(3))
    #expect(meter.rates(of: all[0])?.messagesIn == 0 && meter.rates(of: all[1]) == nil)
    meter.tick({ all }, at: after(10.1))
    #expect(meter.rates(of: all[0]) == nil, "nobody has looked for ten seconds")
  }
}
