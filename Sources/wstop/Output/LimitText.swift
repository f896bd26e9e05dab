import ControlProtocol
import Dashboard
import EventLoop
import Vocabulary

/// Limits as text.
enum LimitText {
  /// A row a limit.
  ///
  /// - Parameter uptime: the engine's, in seconds; nil if the engine has not sent it.
  static func table(_ limits: [LimitRow], uptime: Double? = nil) -> Table {
    Table(
      columns: [
        .fixed("LIMIT"), .right("VALUE"), .right("DEFAULT", turn: 1), .left("SCOPE"),
        .fixed("SET BY", turn: 2), .left("ON BREACH", turn: 0), .fixed("REVERTS"),
      ],
      rows: limits.map { row in
        [
          Table.Cell(row.key.rawValue),
          Table.Cell(UntrustedText.escaped(row.bound?.value ?? row.value)),
          Table.Cell(UntrustedText.escaped(row.defaultValue)),
          Table.Cell(UntrustedText.escaped(row.scope.text)),
          Table.Cell(row.bound.map { UntrustedText.escaped($0.by) } ?? row.source.rawValue),
          Table.Cell(row.key.definition.onBreach), revert(row.revert, uptime),
        ]
      })
  }

  /// The preview of a change: a line of old and new for each limit, then its forecast.
  static func preview(_ preview: LimitPreview) -> Table {
    var table = Table(
      columns: [.left("LIMIT"), .left("FORECAST")], hasTitles: false)
    func add(_ name: String, _ text: String) {
      table.rows.append([Table.Cell(name), Table.Cell(UntrustedText.escaped(text))])
    }
    for forecast in preview.forecasts {
      add(
        forecast.key.rawValue,
        "\(forecast.old) → \(forecast.new) for \(preview.scope.text); nothing was changed")
      for line in ForecastText.lines(forecast, now: SystemClock.secondsSince1970()) {
        add("", line)
      }
    }
    return table
  }

  /// The preview as values, a row a limit; unknown ones are empty.
  static func forecasts(_ preview: LimitPreview) -> Table {
    func messages(_ forecast: MessageForecast?) -> [String] {
      [forecast?.atLeast, forecast?.atMost, forecast?.total].map { $0.map(String.init) ?? "" }
    }
    var table = Table(columns: [])
    table.times = ["peak-at"]
    table.names = [
      "limit", "scope", "old", "new", "recorded-seconds", "in-at-least", "in-at-most", "in-total",
      "out-at-least", "out-at-most", "out-total", "peak", "peak-at", "peak-address",
      "minutes-over", "minutes", "sessions-over",
    ]
    table.rows = preview.forecasts.map { forecast in
      let peak = forecast.peak
      let values =
        [
          forecast.key.rawValue, preview.scope.text, forecast.old, forecast.new,
          SessionText.decimal(forecast.recordedSeconds),
        ] + messages(forecast.messagesIn) + messages(forecast.messagesOut) + [
          peak.map { String($0.greatest) } ?? "", peak.map { SessionText.decimal($0.at) } ?? "",
          peak?.address ?? "", peak.map { String($0.minutesOver) } ?? "",
          peak.map { String($0.minutes) } ?? "", forecast.sessionsOver.map(String.init) ?? "",
        ]
      return values.map { Table.Cell(UntrustedText.escaped($0)) }
    }
    return table
  }

  /// The results of a change besides the limits.
  static func sentences(_ outcome: LimitOutcome, at scope: LimitScope = .engine) -> [String] {
    func sessions(_ count: Int) -> String { "\(count) session\(count == 1 ? "" : "s")" }
    var sentences: [String] = []
    if !outcome.notSet.isEmpty { sentences.append(outcome.notSetText(at: scope.text)) }
    if outcome.closed > 0 { sentences.append("closed \(sessions(outcome.closed)) over it") }
    if outcome.kept > 0 {
      sentences.append(
        "\(sessions(outcome.kept)) over it stay until they breach it again; --over close closes them"
      )
    }
    if outcome.cancelledReverts > 0 {
      let count = outcome.cancelledReverts
      sentences.append("\(count) limit\(count == 1 ? "" : "s") will not revert any more")
    }
    return sentences
  }

  private static func revert(_ revert: LimitRevert?, _ uptime: Double?) -> Table.Cell {
    guard let revert else { return Table.Cell("", plain: "") }
    let left = revert.secondsLeft(uptime: uptime, now: SystemClock.secondsSince1970())
    let value = UntrustedText.escaped(revert.value)
    return Table.Cell(
      "to \(value) in \(QuantityText.readableDuration(seconds: left))",
      plain: "\(value)@\(SessionText.decimal(revert.at))")
  }
}
