import ControlProtocol
import Vocabulary

/// Traffic as text.
enum TrafficText {
  static func table(_ report: TrafficReport, _ part: TrafficCommand.Part) -> Table {
    switch part {
    case .rates: rates(report.samples)
    case .sizes: sizes(report)
    case .roundTrips: roundTrips(report.roundTrips)
    }
  }

  /// A row a step of time, the oldest first.
  private static func rates(_ samples: [RateSample]) -> Table {
    var table = Table(
      columns: [
        .fixed("END"), .right("MSG IN/S"), .right("MSG OUT/S"), .right("BYTES IN/S"),
        .right("BYTES OUT/S"), .right("SESSIONS"), .right("OPENED/S"), .right("CLOSED/S"),
        .right("REFUSED/S"),
      ])
    table.times = ["end"]
    table.names = [
      "end", "messages-in-per-second", "messages-out-per-second", "bytes-in-per-second",
      "bytes-out-per-second", "sessions", "opened-per-second", "closed-per-second",
      "refused-per-second",
    ]
    table.rows = samples.map { sample in
      [
        Table.Cell(EventText.time(sample.at), plain: SessionText.decimal(sample.at)),
        rate(sample.messagesIn),
        rate(sample.messagesOut), byteRate(sample.bytesIn), byteRate(sample.bytesOut),
        Table.Cell(QuantityText.readableCount(sample.open), plain: String(sample.open)),
        rate(sample.opened), rate(sample.closed), rate(sample.refused),
      ]
    }
    return table
  }

  /// A row a bucket of message sizes, with the smallest and the largest size in it.
  private static func sizes(_ report: TrafficReport) -> Table {
    var counts: [Int: (upper: Int, received: Int, sent: Int)] = [:]
    for (range, count) in report.sizesIn.sizes {
      counts[range.lowerBound, default: (range.upperBound, 0, 0)].received = count
    }
    for (range, count) in report.sizesOut.sizes {
      counts[range.lowerBound, default: (range.upperBound, 0, 0)].sent = count
    }
    var table = Table(
      columns: [.right("FROM"), .right("TO"), .right("MSG IN"), .right("MSG OUT")])
    table.names = ["from-bytes", "to-bytes", "messages-in", "messages-out"]
    table.rows = counts.sorted { $0.key < $1.key }.map { lower, row in
      [
        bytes(lower), bytes(row.upper),
        Table.Cell(QuantityText.readableCount(row.received), plain: String(row.received)),
        Table.Cell(QuantityText.readableCount(row.sent), plain: String(row.sent)),
      ]
    }
    return table
  }

  /// A row a bucket of smoothed round trips, with the number of sessions.
  private static func roundTrips(_ times: SizeDistribution) -> Table {
    var table = Table(columns: [.right("FROM"), .right("TO"), .right("SESSIONS")])
    table.names = ["from-microseconds", "to-microseconds", "sessions"]
    table.rows = times.sizes.map { range, count in
      [
        time(range.lowerBound), time(range.upperBound),
        Table.Cell(QuantityText.readableCount(count), plain: String(count)),
      ]
    }
    return table
  }

  private static func rate(_ rate: Double) -> Table.Cell {
    Table.Cell(QuantityText.shortCount(rate), plain: SessionText.decimal(rate))
  }

  private static func byteRate(_ rate: Double) -> Table.Cell {
    Table.Cell(QuantityText.readableBytes(rate), plain: SessionText.decimal(rate))
  }

  private static func bytes(_ count: Int) -> Table.Cell {
    Table.Cell(QuantityText.readableBytes(count), plain: String(count))
  }

  private static func time(_ microseconds: Int) -> Table.Cell {
    Table.Cell(
      QuantityText.readableMilliseconds(Double(microseconds) / 1000), plain: String(microseconds))
  }
}
