import LoadGenerator
import Vocabulary

/// A load's report as text.
enum LoadText {
  /// One figure a line, under stable names; times are in microseconds.
  static func figures(_ report: LoadReport) -> Table {
    var fields = Fields()
    fields.add("url", untrusted: report.url)
    fields.add("load", load(report))
    fields.add("seconds", SessionText.decimal(report.seconds))
    let connections = report.connections
    fields.add("connections.wanted", count: connections.wanted)
    fields.add("connections.opened", count: connections.opened)
    fields.add("connections.failed", count: connections.failed)
    if let count = connections.compressed { fields.add("connections.compressed", count: count) }
    if let tls = connections.tls { fields.add("connections.tls", tls) }
    fields.add("connections.per-second", SessionText.decimal(connections.openedPerSecond))
    add("handshake", connections.handshakeMicroseconds, to: &fields)
    let messages = report.messages
    fields.add("messages.sent", count: messages.sent)
    fields.add("messages.received", count: messages.received)
    fields.add("messages.per-second", SessionText.decimal(messages.perSecond))
    fields.add("bytes.per-second", SessionText.decimal(messages.bytesPerSecond))
    fields.add("messages.mismatched", count: messages.mismatched)
    fields.add("messages.unexpected", count: messages.unexpected)
    fields.add("messages.unanswered", count: messages.unanswered)
    fields.add("messages.unsent", count: messages.unsent)
    add("reply", report.replyMicroseconds, to: &fields)
    add("late", report.lateMicroseconds, to: &fields)
    for error in report.errors { fields.add("error.\(error.kind)", count: error.count) }
    for close in report.closes {
      fields.add("closes.\(close.code).\(close.by)", count: close.count)
    }
    return fields.table
  }

  /// One subject a line, for a person.
  static func summary(_ report: LoadReport) -> Table {
    var fields = Fields()
    let (connections, messages) = (report.connections, report.messages)
    fields.add("url", untrusted: report.url)
    fields.add("load", load(report))
    fields.add(
      "connections",
      "\(counted(connections.opened)) opened, \(counted(connections.failed)) failed, "
        + "\(rate(connections.openedPerSecond))")
    if let tls = connections.tls { fields.add("tls", tls) }
    if let count = connections.compressed {
      fields.add("compressed", "\(counted(count)) of \(counted(connections.opened)) connections")
    }
    if let times = connections.handshakeMicroseconds { fields.add("handshake", line(times)) }
    let early = report.interrupted ? ", ended early" : ""
    let count = report.replies == LoadPlan.Replies.none.rawValue ? messages.sent : messages.received
    fields.add(
      "messages",
      "\(counted(count)) in \(SessionText.decimal(report.seconds))s\(early), "
        + "\(rate(messages.perSecond)), "
        + "\(QuantityText.readableBytes(messages.bytesPerSecond))/s")
    if let times = report.replyMicroseconds {
      fields.add(report.mode == .paced ? "reply" : "round trip", line(times))
    }
    if let times = report.lateMicroseconds { fields.add("sent late", line(times)) }
    if report.replies == LoadPlan.Replies.echo.rawValue {
      let wrong = messages.mismatched
      fields.add("echoes", wrong == 0 ? "all as sent" : "\(counted(wrong)) not as sent")
    }
    for (name, count) in [
      ("unexpected", messages.unexpected), ("unanswered", messages.unanswered),
      ("unsent", messages.unsent),
    ] where count > 0 {
      fields.add(name, "\(counted(count)) messages")
    }
    for error in report.errors { fields.add("error", "\(counted(error.count)) × \(error.kind)") }
    for close in report.closes {
      let name = CloseCode(rawValue: UInt16(clamping: close.code)).name.map { " " + $0 } ?? ""
      fields.add("closed", "\(counted(close.count)) × \(close.code)\(name), by \(close.by)")
    }
    return fields.table
  }

  private static func counted(_ count: Int) -> String { QuantityText.readableCount(count) }

  private static func rate(_ rate: Double) -> String { counted(Int(rate.rounded())) + "/s" }

  private static func line(_ times: LoadReport.Times) -> String {
    shares(times).map { label, value in
      let text = time(value)
      return "\(label) " + String(repeating: " ", count: max(0, 6 - text.count)) + text
    }.joined(separator: "  ")
  }

  private static func shares(_ times: LoadReport.Times) -> [(String, Double)] {
    [
      ("p50", times.p50), ("p90", times.p90), ("p99", times.p99), ("p99.9", times.p999),
      ("max", times.maximum),
    ]
  }

  /// The load in one sentence.
  private static func load(_ report: LoadReport) -> String {
    var text =
      switch (report.mode, report.window) {
      case (.closedLoop, let window?):
        "closed loop, \(window) in flight on each connection"
      case (.closedLoop, nil): "as fast as the connections take it"
      case (.paced, _): "paced, \(SessionText.decimal(report.rate ?? 0)) messages per second"
      }
    text += "; \(report.kind), \(report.sizes)"
    if report.connections.active < report.connections.wanted {
      text += "; \(report.connections.active) connections send"
    }
    return text + "; \(report.threads) \(report.threads == 1 ? "thread" : "threads")"
  }

  private static func add(_ name: String, _ times: LoadReport.Times?, to fields: inout Fields) {
    guard let times else { return }
    for (label, value) in shares(times) {
      fields.add("\(name).\(label)", SessionText.decimal(value))
    }
  }

  /// A time for people, to three figures: `31.4µs`, `1.24ms`, `2.50s`.
  static func time(_ microseconds: Double) -> String {
    let clamped = microseconds.isFinite ? max(microseconds, 0) : 0
    let (amount, unit) =
      switch clamped {
      case ..<999.5: (clamped, "µs")
      case ..<999_500: (clamped / 1000, "ms")
      default: (clamped / 1_000_000, "s")
      }
    let decimals = amount < 9.995 ? 100.0 : amount < 99.95 ? 10.0 : 1.0
    let rounded = Int((amount * decimals).rounded())
    let whole = rounded / Int(decimals)
    let rest = rounded % Int(decimals)
    switch decimals {
    case 100: return "\(whole).\(rest < 10 ? "0" : "")\(rest)\(unit)"
    case 10: return "\(whole).\(rest)\(unit)"
    default: return "\(whole)\(unit)"
    }
  }

  /// The progress in one line.
  static func progress(_ picture: LoadRun.Picture, of plan: LoadPlan) -> String {
    let failed = picture.failed > 0 ? ", \(QuantityText.readableCount(picture.failed)) failed" : ""
    let opened =
      "\(QuantityText.readableCount(picture.opened)) of "
      + "\(QuantityText.readableCount(plan.connectionCount)) connections\(failed)"
    let rate = "\(QuantityText.shortCount(picture.messagesPerSecond)) messages/s"
    switch picture.step {
    case .opening: return "opening: \(opened)"
    case .warmingUp: return "warming up: \(opened)"
    case .measuring(let seconds):
      return "\(QuantityText.readableDuration(seconds: seconds)) left: \(rate)\(failed)"
    case .ending: return "ending: waiting for the last replies"
    }
  }
}
