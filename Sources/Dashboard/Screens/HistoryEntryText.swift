import ControlProtocol
import Vocabulary

/// The page of one entry of the history.
enum HistoryEntryText {
  /// The heading: what it is.
  static func heading(of entry: HistoryEntry) -> StyledText {
    if let row = entry.session { return StyledText("Closed session \(row.id)", .heading) }
    return StyledText("Event: \(entry.kind.rawValue)", .heading)
  }

  /// All fields, one a line.
  static func lines(of entry: HistoryEntry, in model: Model) -> [StyledText] {
    let local = model.setup.localTime
    var lines = [
      field(
        "when",
        HumanText.dayAndTime(entry.at, local)
          + ", \(HumanText.duration((model.picture.statistics?.now ?? model.now) - entry.at)) ago"),
      field("run", model.shown(entry.run) + (entry.run == model.run ? ", this one" : "")),
    ]
    guard let row = entry.session, let ending = row.ending else {
      lines.append(field("what", model.shown(entry.message ?? "")))
      if let actor = entry.actor { lines.append(field("by", model.shown(actor))) }
      if let command = entry.command { lines.append(field("command", model.shown(command))) }
      return lines
    }
    lines += [
      field("code", "\(ending.code.rawValue)" + (ending.code.name.map { " \($0)" } ?? "")),
      field("by", model.shown(ending.by.description)),
      field("reason", text(ending.reason, model)),
      StyledText(),
      field("path", text(row.path, model)),
      field("query", text(entry.query, model)),
      field("route", text(row.route, model)),
      field("address", model.shown(SessionColumn.address(of: row))),
      field("listener", text(entry.listener, model)),
      field(
        "opened",
        HumanText.dayAndTime(row.openedAt, local)
          + ", for \(HumanText.duration(row.age(now: ending.at)))"),
      field("idle", HumanText.duration(row.idleSeconds)),
      field("subprotocol", text(entry.subprotocol, model)),
      field("TLS", row.tls ? "yes" : "no"),
      field("compression", row.compressed ? "permessage-deflate" : "none"),
      field("round trip", HumanText.milliseconds(row.roundTripMilliseconds)),
      field("user agent", text(row.userAgent, model)),
      field("backlog", QuantityText.readableBytes(row.backlogPeakBytes) + " at most"),
    ]
    lines += DetailsText.tags(of: row, in: model) + [StyledText()]
    return lines + DetailsText.traffic(of: row)
  }

  private static func text(_ text: String?, _ model: Model) -> String {
    guard let text, !text.isEmpty else { return "–" }
    return model.shown(text)
  }

  private static func field(_ name: String, _ text: String) -> StyledText {
    StyledText(DisplayWidth.padded(name, to: 12), .dim).with(text)
  }
}
