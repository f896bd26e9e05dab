import ControlProtocol
import Vocabulary

/// The page of one entry of the history.
enum HistoryEntryText {
  /// The heading: the kind of the entry.
  static func heading(of entry: HistoryEntry) -> StyledText {
    if let row = entry.session { return StyledText("Closed session \(row.id)", .heading) }
    return StyledText("Event: \(entry.kind.rawValue)", .heading)
  }

  /// All fields, one a line.
  static func lines(of entry: HistoryEntry, in context: ScreenContext) -> [StyledText] {
    let local = context.setup.localTime
    var lines = [
      field(
        "when",
        HumanText.dayAndTime(entry.at, local)
          + ", \(HumanText.duration((context.latest.statistics?.now ?? context.now) - entry.at)) ago"
      ),
      field("run", context.shown(entry.run) + (entry.run == context.run ? ", this one" : "")),
    ]
    guard let row = entry.session, let ending = row.ending else {
      lines.append(field("what", context.shown(entry.message ?? "")))
      if let actor = entry.actor { lines.append(field("by", context.shown(actor))) }
      if let command = entry.command { lines.append(field("command", context.shown(command))) }
      return lines
    }
    lines += [
      field("code", "\(ending.code.rawValue)" + (ending.code.name.map { " \($0)" } ?? "")),
      field("by", context.shown(ending.byWhom)),
      field("reason", text(ending.reason, context)),
      StyledText(),
      field("path", text(row.decodedPath, context)),
    ]
    if row.decodedPath != row.path { lines.append(field("as it came", text(row.path, context))) }
    lines += [
      field("query", text(entry.query, context)),
      field("route", text(row.route, context)),
      field("address", context.shown(SessionColumn.address(of: row))),
      field("listener", text(entry.listener, context)),
      field(
        "opened",
        HumanText.dayAndTime(row.openedAt, local)
          + ", for \(HumanText.duration(row.age(now: ending.at)))"),
      field("idle", HumanText.duration(row.idleSeconds)),
      field("subprotocol", text(entry.subprotocol, context)),
      field("TLS", row.tls ? "yes" : "no"),
      field("compression", row.compressed ? "permessage-deflate" : "none"),
      field("round trip", HumanText.milliseconds(row.roundTripMilliseconds)),
      field("user agent", text(row.userAgent, context)),
      field("backlog", QuantityText.readableBytes(row.backlogPeakBytes) + " at most"),
    ]
    lines += DetailsText.tags(of: row, in: context) + [StyledText()]
    return lines + DetailsText.traffic(of: row)
  }

  private static func text(_ text: String?, _ context: ScreenContext) -> String {
    guard let text, !text.isEmpty else { return "–" }
    return context.shown(text)
  }

  private static func field(_ name: String, _ text: String) -> StyledText {
    StyledText(DisplayWidth.padded(name, to: 12), .dim).with(text)
  }
}
