import ControlProtocol
import Vocabulary

/// Upstreams as text.
enum UpstreamText {
  /// A row an upstream.
  static func table(_ list: UpstreamList) -> Table {
    Table(
      columns: [
        .left("UPSTREAM"), .left("ROUTE", turn: 6), .fixed("STATE"), .right("SESSIONS"),
        .right("IN/S", turn: 3), .right("OUT/S", turn: 5), .right("BYTES IN/S", turn: 2),
        .right("BYTES OUT/S", turn: 4), .right("CONNECT", turn: 1), .right("FAILED"),
        .left("LAST FAILURE", turn: 0),
      ],
      names: [
        "upstream", "route", "state", "sessions", "opening", "opened", "in/s", "out/s",
        "bytes-in/s", "bytes-out/s", "msg-in", "msg-out", "bytes-in", "bytes-out", "connect-ms",
        "connect-ms-smoothed", "failures", "retry-seconds", "last-failure",
        "last-failure-seconds-ago", "last-failure-text",
      ],
      rows: list.upstreams.map(cells))
  }

  static func footer(_ list: UpstreamList) -> String {
    let count = list.upstreams.count
    let down = list.upstreams.count { $0.state == .down }
    return "\(QuantityText.readableCount(count)) upstream\(count == 1 ? "" : "s")"
      + (down == 0 ? "" : ", \(QuantityText.readableCount(down)) down")
  }

  private static func cells(_ row: UpstreamRow) -> [Table.Cell] {
    let failure = row.lastFailure
    return [
      name(row.name), name(row.route),
      Table.Cell(state(row), plain: UntrustedText.escaped(row.state.rawValue)),
      count(row.sessions), plain(row.opening), plain(row.opened),
      rate(row.rates?.messagesIn, QuantityText.shortCount),
      rate(row.rates?.messagesOut, QuantityText.shortCount),
      rate(row.rates?.bytesIn, QuantityText.readableBytes),
      rate(row.rates?.bytesOut, QuantityText.readableBytes),
      plain(row.messagesIn), plain(row.messagesOut), plain(row.bytesIn), plain(row.bytesOut),
      Table.Cell(
        row.connectMilliseconds.map(QuantityText.readableMilliseconds) ?? "–",
        plain: row.connectMilliseconds.map(SessionText.decimal) ?? ""),
      Table.Cell(nil, plain: row.smoothedConnectMilliseconds.map(SessionText.decimal) ?? ""),
      Table.Cell(QuantityText.readableCount(row.failures.total), plain: failures(row)),
      Table.Cell(nil, plain: row.retrySeconds.map(SessionText.decimal) ?? ""),
      Table.Cell(
        failure.map(sentence) ?? "–",
        plain: failure.map { UntrustedText.escaped($0.reason) } ?? ""),
      Table.Cell(nil, plain: failure.map { SessionText.decimal($0.secondsAgo) } ?? ""),
      Table.Cell(nil, plain: failure.map { UntrustedText.escaped($0.message) } ?? ""),
    ]
  }

  /// The state, and for how long it lasts at least.
  private static func state(_ row: UpstreamRow) -> String {
    let word = UntrustedText.escaped(row.state.rawValue, limit: 16)
    guard let seconds = row.retrySeconds, seconds > 0 else { return word }
    return "\(word) \(QuantityText.readableDuration(seconds: seconds))"
  }

  /// The failures by reason, such as `refused=3 503=1`.
  private static func failures(_ row: UpstreamRow) -> String {
    row.failures.counts.sorted { $0.key < $1.key }
      .map { "\(UntrustedText.escaped($0.key))=\($0.value)" }.joined(separator: " ")
  }

  private static func sentence(_ failure: UpstreamRow.Failure) -> String {
    let text = failure.message.isEmpty ? failure.reason : failure.message
    return "\(QuantityText.readableDuration(seconds: failure.secondsAgo)) ago: "
      + UntrustedText.escaped(text, limit: SessionText.longestText)
  }

  private static func name(_ text: String) -> Table.Cell {
    Table.Cell(
      UntrustedText.escaped(text, limit: SessionText.longestText),
      plain: UntrustedText.escaped(text))
  }

  private static func rate(_ rate: Double?, _ readable: (Double) -> String) -> Table.Cell {
    Table.Cell(
      rate.map { $0 == 0 ? "0" : readable($0) } ?? "–", plain: rate.map(SessionText.decimal) ?? "")
  }

  private static func count(_ count: Int) -> Table.Cell {
    Table.Cell(QuantityText.readableCount(count), plain: String(count))
  }

  private static func plain(_ count: Int) -> Table.Cell { Table.Cell(nil, plain: String(count)) }
}
