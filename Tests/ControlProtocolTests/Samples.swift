import ControlProtocol
import Vocabulary

/// Values that several suites look at.
enum Samples {
  static let now = 1_764_000_000.0

  static func row(_ change: (inout SessionRow) -> Void = { _ in }) -> SessionRow {
    var row = SessionRow(
      id: SessionID(rawValue: 4706), route: "/ws/chat/{room}", path: "/ws/chat/lobby",
      address: "10.0.3.7", port: 51_544, state: .open, openedAt: now - 8040, idleSeconds: 0.2)
    row.messagesIn = 12_041
    row.messagesOut = 48_233
    row.bytesIn = 3 << 20
    row.bytesOut = 12 << 20
    row.largestIn = 65_536
    row.largestOut = 100
    row.backlogBytes = 2048
    row.roundTripMilliseconds = 12.5
    row.tls = true
    row.userAgent = "Mozilla/5.0 (X11; \"quoted\")"
    change(&row)
    return row
  }

  static let identity = EngineIdentity(
    run: "r1", name: "default", version: "1.0.0", processID: 42, startedAt: now - 100,
    listeners: ["127.0.0.1:8080"], routes: ["/ws/echo"])

  static func statistics() -> EngineStatistics {
    var statistics = EngineStatistics(engine: identity, now: now, uptimeSeconds: 100)
    statistics.closes = [CloseCount(code: .messageTooBig, by: .limit, count: 3)]
    statistics.refusals = [RefusalCount(reason: "no-route", status: 404, count: 2)]
    statistics.sizesIn = SizeDistribution(bucketCounts: [0, 2, 0, 5], maximum: 3)
    statistics.reactors = [ReactorLoad(open: 1, messagesIn: 2, turns: 3)]
    statistics.rates.messagesIn = 12.1
    return statistics
  }

  static let preview: LimitPreview = {
    var forecast = LimitForecast(key: .messageBytes, old: "1MiB", new: "64KiB")
    forecast.recordedSeconds = 3600.5
    forecast.messagesIn = MessageForecast(atLeast: 1, atMost: 3, total: 9, bucket: 992...1023)
    forecast.messagesOut = MessageForecast(atLeast: 1, atMost: nil, total: nil)
    forecast.peak = PeakForecast(
      greatest: 7, at: now, address: "10.0.3.7", minutesOver: 1, minutes: 60)
    forecast.sessionsOver = 2
    forecast.narrowerRoutes = 1
    return LimitPreview(engine: "r1", scope: .route("/ws/echo"), forecasts: [forecast])
  }()
}
