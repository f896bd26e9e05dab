import ControlProtocol
import Vocabulary

/// The whole engine as text.
enum StatisticsText {
  static func version(_ engine: EngineIdentity) -> String {
    "engine \(UntrustedText.escaped(engine.version)) (\(UntrustedText.escaped(engine.name)), "
      + "run \(UntrustedText.escaped(engine.run)), process \(engine.processID))"
  }

  /// One figure a line, under the names of the JSON form.
  static func table(_ statistics: EngineStatistics) -> Table {
    var fields = Fields()
    let engine = statistics.engine
    fields.add("engine", untrusted: engine.name)
    fields.add("run", untrusted: engine.run)
    fields.add("version", untrusted: engine.version)
    fields.add("process", String(engine.processID))
    for listener in engine.listeners { fields.add("listener", untrusted: listener) }
    fields.add(
      "uptime",
      Table.Cell(
        QuantityText.readableDuration(seconds: statistics.uptimeSeconds),
        plain: SessionText.decimal(statistics.uptimeSeconds)))
    let sessions = statistics.sessions
    fields.add("sessions.open", count: sessions.open)
    fields.add(
      "sessions.limit", Table.Cell(sessions.limitText, plain: String(sessions.limit)))
    fields.add("sessions.opening", count: sessions.opening)
    fields.add("sessions.opened", count: sessions.opened)
    fields.add("sessions.closed", count: sessions.closed)
    let traffic = statistics.traffic
    fields.add("in.messages", count: traffic.messagesIn)
    fields.add("out.messages", count: traffic.messagesOut)
    fields.add("in.bytes", bytes: traffic.bytesIn)
    fields.add("out.bytes", bytes: traffic.bytesOut)
    fields.add("in.wire-bytes", bytes: traffic.wireBytesIn)
    fields.add("out.wire-bytes", bytes: traffic.wireBytesOut)
    let rates = statistics.rates
    fields.add("in.messages-per-second", rate: rates.messagesIn)
    fields.add("out.messages-per-second", rate: rates.messagesOut)
    fields.add("in.bytes-per-second", byteRate: rates.bytesIn)
    fields.add("out.bytes-per-second", byteRate: rates.bytesOut)
    fields.add("in.sizes", statistics.sizesIn)
    fields.add("out.sizes", statistics.sizesOut)
    fields.add("buffered-bytes", bytes: statistics.bufferedBytes)
    fields.add("dropped-messages", count: statistics.droppedMessages)
    fields.add("rate-pauses", count: statistics.ratePauses)
    fields.add("slow-turns", count: statistics.slowTurns)
    if let history = statistics.history {
      fields.add("history.store", history.store.rawValue)
      fields.add("history.path", untrusted: history.path)
      fields.add("history.stored", count: history.stored)
      fields.add("history.waiting", count: history.waiting)
      fields.add("history.lost", count: history.lost)
      fields.add("history.failures", count: history.failures)
      fields.add("history.bytes", bytes: history.byteCount)
      fields.add("history.problem", untrusted: history.problem)
    }
    for close in statistics.closes {
      fields.add("closes.\(close.code.rawValue).\(close.by.rawValue)", count: close.count)
    }
    for refusal in statistics.refusals {
      fields.add(
        "refusals.\(refusal.status).\(UntrustedText.escaped(refusal.reason))", count: refusal.count)
    }
    return fields.table
  }
}

extension Fields {
  fileprivate mutating func add(_ name: String, rate: Double) {
    add(name, Table.Cell(QuantityText.shortCount(rate), plain: SessionText.decimal(rate)))
  }

  fileprivate mutating func add(_ name: String, byteRate: Double) {
    add(
      name, Table.Cell(QuantityText.readableBytes(byteRate), plain: SessionText.decimal(byteRate)))
  }

  fileprivate mutating func add(_ name: String, _ sizes: SizeDistribution) {
    for (label, share) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99)] {
      guard let size = sizes.percentile(share) else { return }
      add("\(name).\(label)", bytes: size)
    }
    add("\(name).maximum", bytes: sizes.maximum)
  }
}
