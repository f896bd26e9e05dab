import ControlProtocol
import TestSupport
import Testing
import Vocabulary
import WebSocketEngine

@testable import ControlServer

@Suite("GET /v1/traffic", .limited, .timeLimit(.minutes(10)))
struct TrafficEndpointTests {
  @Test("It has the rates of the engine, and sizes of all routes or of one with its limit")
  func report() async throws {
    try await TestEngine.run(limits: ["ping-interval=100ms", "pong-timeout=1h"]) { engine in
      let echo = try engine.sessions(1, "/ws/echo")[0].peer
      let room = try engine.sessions(1, "/ws/room/a")[0].peer
      for (peer, size) in [(echo, 100), (echo, 600), (room, 7000)] {
        try peer.send(String(repeating: "x", count: size))
        _ = try waitFor { () -> Bool? in
          if case .text = try peer.receive() { true } else { nil }
        }
      }
      let client = try engine.client()
      _ = try client.request(
        "PATCH", "/v1/limits", #"{"scope":"route:/ws/echo","set":{"message-bytes":"2KiB"}}"#)
      let all = try client.get("/v1/traffic?window=1h").decode(TrafficReport.self)
      #expect(all.window == .hour && all.route == nil)
      #expect(all.sizesIn.count == 3 && all.sizesOut.count == 3)
      #expect(all.messageBytes == "1MiB")
      let one = try client.get("/v1/traffic?window=1m&route=/ws/echo").decode(TrafficReport.self)
      #expect(one.sizesIn.count == 2 && one.messageBytes == "2KiB")
      #expect(one.sizesIn.sizes.map(\.range).allSatisfy { $0.contains(100) || $0.contains(600) })
      let rates = try #require(
        try waitFor { () -> [RateSample]? in
          let samples = try client.get("/v1/traffic").decode(TrafficReport.self).samples
          return samples.contains { $0.messagesIn > 0 } ? samples : nil
        })
      #expect(rates.last?.open == 2)
    }
  }

  @Test("Round trips are those of the sessions that are open, by route")
  func roundTrips() throws {
    var engine = try SyntheticEngine()
    try engine.open(roundTrip: .milliseconds(7))
    try engine.open(roundTrip: .milliseconds(90))
    try engine.open()
    let report = try #require(engine.observer.traffic(TrafficQuery()))
    #expect(report.roundTrips.count == 2)
    #expect(report.roundTrips.maximum == 90_000)
    #expect(report.roundTrips.sizes.first?.range.contains(7000) == true)
    #expect(engine.observer.traffic(TrafficQuery(route: "/no")) == nil)
  }

  @Test(
    "What cannot be asked is refused",
    arguments: [
      ("?window=2m", 400, "invalid-query"), ("?route=/no", 404, "no-such-route"),
      ("?window=1m&window=5m", 400, "invalid-query"), ("?route=%zz", 400, "invalid-query"),
    ])
  func refusals(query: String, status: Int, code: String) async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let reply = try engine.client().get("/v1/traffic" + query)
      #expect(reply.status == status)
      #expect(reply.errorCode == code)
    }
  }

  @Test("A watch gets it once a second, and samples only when there are new ones")
  func watch() async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      var request = WatchRequest(intervalMilliseconds: 50)
      request.traffic = TrafficQuery(window: .hour)
      let watch = try WebSocketPeer(watching: engine.path, request)
      var reports: [(at: Double, report: TrafficReport)] = []
      while reports.count < 5 {
        let snapshot = try watch.snapshot()
        if let report = snapshot.traffic {
          reports.append((snapshot.statistics.uptimeSeconds, report))
        }
      }
      // The first comes at once, and a late second is followed soon by the next one.
      #expect(reports[4].at - reports[0].at >= 2)
      #expect(reports.allSatisfy { $0.report.window == .hour })
    }
  }

  @Test("Rates are kept by the second, by ten seconds and by four minutes, in bounded rings")
  func windows() {
    var history = RateHistory(startingAt: Instant(nanoseconds: 0), RateHistory.Totals())
    var totals = RateHistory.Totals()
    for second in 1...(25 * 3600) {
      totals.messagesIn += second % 10 == 0 ? 50 : 0
      history.add(
        totals,
        at: Moment(
          instant: Instant(nanoseconds: Int64(second) * 1_000_000_000), seconds: Double(second)))
    }
    #expect(history.samples(.minute).count == 60)
    #expect(history.samples(.fiveMinutes).count == RateHistory.capacity)
    #expect(history.samples(.hour).count == RateHistory.coarseCapacity)
    #expect(history.samples(.day).count == RateHistory.coarseCapacity)
    #expect(history.samples(.minute).map(\.messagesIn).max() == 50)
    #expect(history.samples(.hour).allSatisfy { $0.messagesIn == 5 })
    #expect(history.samples(.day).allSatisfy { $0.messagesIn == 5 })
    #expect(history.samples(.day).first?.at == Double(25 * 3600 - 359 * 240))
  }
}
