import ControlProtocol
import Vocabulary

/// The page of one session.
enum DetailsText {
  /// The heading: the session, and whether it is still there.
  static func heading(of page: DetailsPage, in context: ScreenContext) -> StyledText {
    let state =
      switch page.presence {
      case .awaited: "loading…"
      case .present: "open"
      case .closed: "CLOSED: this is the last that was seen of it"
      case .unknown: "the engine knows no such session"
      }
    if let ending = details(of: page, in: context)?.row.ending {
      return StyledText("Session \(page.id)  ", .heading)
        .with(EndingText.sentence(ending, in: context), .warning)
    }
    let isSound = page.presence == .present
    let word = isSound ? details(of: page, in: context)?.row.state.rawValue ?? state : state
    return StyledText("Session \(page.id)  ", .heading).with(word, isSound ? .heading : .warning)
  }

  /// How long ago a session was opened; the age of a closed one is that at its end.
  private static func openedAgo(_ row: SessionRow, now: Double) -> Double {
    row.age(now: now) + (row.ending?.ago(now: now) ?? 0)
  }

  /// All fields, one a line.
  static func lines(of page: DetailsPage, in context: ScreenContext) -> [StyledText] {
    guard let details = details(of: page, in: context) else { return [] }
    let row = details.row
    var lines: [StyledText] = []
    if let ending = row.ending {
      let time = HumanText.timeOfDay(ending.at, context.setup.localTime)
      lines = [
        field("closed", "\(time), after \(HumanText.duration(row.age(now: ending.at)))"),
        field("code", "\(ending.code.rawValue)" + (ending.code.name.map { " \($0)" } ?? "")),
        field("by", context.shown(ending.byWhom)),
        field("reason", ending.reason.isEmpty ? "–" : context.shown(ending.reason)),
        StyledText(),
      ]
    }
    lines += [
      field("path", context.shown(row.decodedPath))
    ]
    if row.decodedPath != row.path { lines.append(field("as it came", context.shown(row.path))) }
    lines += [
      field("route", row.route.isEmpty ? "–" : context.shown(row.route)),
      field("query", details.query.map { context.shown($0) } ?? "–"),
      field(
        "address",
        context.shown(SessionColumn.address(of: row))
          + (details.via.map { ", via \(context.shown($0))" } ?? "")),
      field("listener", details.listener.isEmpty ? "–" : context.shown(details.listener)),
      field(
        "state", row.state.rawValue + (row.throttled ? ", not read from: over its rate" : "")),
      field(
        "opened",
        HumanText.timeOfDay(row.openedAt, context.setup.localTime)
          + ", \(HumanText.duration(openedAgo(row, now: context.latest.readAt))) ago"),
      field("idle", HumanText.duration(row.idleSeconds)),
      field("subprotocol", details.subprotocol.map { context.shown($0) } ?? "none"),
      field(
        "TLS",
        details.tlsVersion.map {
          context.shown($0) + (details.tlsResumed == true ? ", resumed" : "")
        }
          ?? (row.tls ? "yes" : "no")),
    ]
    if let name = details.serverName { lines.append(field("server name", context.shown(name))) }
    if let subject = details.clientCertificate {
      lines.append(field("client", context.shown(subject)))
    }
    lines += [
      field(
        "compression",
        details.compression.map { context.shown($0.description) }
          ?? (row.compressed ? "permessage-deflate" : "none")),
      field(
        "round trip",
        HumanText.milliseconds(row.roundTripMilliseconds) + " smoothed, "
          + HumanText.milliseconds(details.lastRoundTripMilliseconds) + " last"),
      field("user agent", row.userAgent.map { context.shown($0) } ?? "–"),
    ]
    lines += tags(of: row, in: context) + [StyledText()]
    lines += traffic(of: row)
    lines += [
      field(
        "last second",
        row.rates.map { rates in
          "in \(QuantityText.shortCount(rates.messagesIn)) msg/s "
            + "\(HumanText.byteRate(rates.bytesIn)), "
            + "out \(QuantityText.shortCount(rates.messagesOut)) msg/s "
            + HumanText.byteRate(rates.bytesOut)
        } ?? "–"),
      field(
        "backlog",
        QuantityText.readableBytes(row.backlogBytes) + " now, "
          + QuantityText.readableBytes(row.backlogPeakBytes)
          + " at most"),
    ]
    lines += SessionField.furtherCounts.map { further in
      field(
        further.title, SessionColumn(further, columns: context.columns).text(of: row, in: context))
    }
    lines += [
      StyledText(),
      StyledText("Rooms (\(details.rooms.count))", .heading),
    ]
    lines += details.rooms.map { StyledText("  " + context.shown($0)) }
    if let parameters = details.compression?.parameters, !parameters.isEmpty {
      lines += [StyledText(), StyledText("Compression", .heading)]
      lines.append(StyledText("  " + context.shown(parameters)))
    }
    lines += [StyledText(), StyledText("Limits in force", .heading)]
    lines += details.limits.map { limit in
      StyledText("  " + DisplayWidth.padded(limit.key.rawValue, to: 22))
        .with(DisplayWidth.padded(context.shown(limit.value), to: 12), .accent)
        .with(context.shown(limit.scope.text), .dim)
    }
    lines += [StyledText(), StyledText("Request headers (\(details.headers.count))", .heading)]
    lines += details.headers.map { header in
      StyledText("  " + context.shown(header.name) + ": ", .dim).with(context.shown(header.value))
    }
    return lines
  }

  /// The tags, one a line.
  static func tags(of row: SessionRow, in context: ScreenContext) -> [StyledText] {
    (row.tags ?? []).enumerated().map { index, tag in
      field(index == 0 ? "tags" : "", context.shown(tag))
    }
  }

  private static func details(of page: DetailsPage, in context: ScreenContext) -> SessionDetails? {
    guard let details = context.latest.details, details.row.id == page.id else { return nil }
    return details
  }

  private static func field(_ name: String, _ text: String) -> StyledText {
    StyledText(DisplayWidth.padded(name, to: 12), .dim).with(text)
  }

  /// The traffic of a session, in and out, under a heading.
  static func traffic(of row: SessionRow) -> [StyledText] {
    [
      StyledText("            MESSAGES        BYTES         WIRE      LARGEST", .heading),
      traffic("in", row.messagesIn, row.bytesIn, row.wireBytesIn, row.largestIn),
      traffic("out", row.messagesOut, row.bytesOut, row.wireBytesOut, row.largestOut),
    ]
  }

  private static func traffic(
    _ name: String, _ messages: Int, _ bytes: Int, _ wire: Int, _ largest: Int
  ) -> StyledText {
    func cell(_ text: String) -> String { DisplayWidth.number(text, to: 13) }
    return StyledText(DisplayWidth.padded(name, to: 7), .dim)
      .with(
        cell(QuantityText.readableCount(messages)) + cell(QuantityText.readableBytes(bytes))
          + cell(QuantityText.readableBytes(wire)) + cell(QuantityText.readableBytes(largest)))
  }
}
