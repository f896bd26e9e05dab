import ControlProtocol
import Dashboard
import EventLoop
import Vocabulary

extension ActText {
  /// The number of sessions that an act would reach, of all: `412 of 10 431 open sessions match`.
  static func share(_ preview: ActPreview) -> String {
    "\(QuantityText.readableCount(preview.count)) of "
      + "\(QuantityText.readableCount(preview.total)) open sessions match"
  }

  /// The preview of an act: for people a sample and the share, for programs the two numbers.
  static func preview(_ preview: ActPreview, as form: OutputForm) -> String {
    guard form != .plain else {
      return "count\t\(preview.count)\ntotal\t\(preview.total)\n"
        + preview.sample.map { "sample\t\($0.id)\n" }.joined()
    }
    let now = SystemClock.secondsSince1970()
    var text =
      preview.sample.isEmpty
      ? "" : SessionText.table(preview.sample, now: now).text(as: form)
    let restCount = preview.count - preview.sample.count
    if restCount > 0 { text += "… and \(QuantityText.readableCount(restCount)) more\n" }
    return text + share(preview) + "\n"
  }

  /// The preview as a table of the two numbers.
  static func table(_ preview: ActPreview) -> Table {
    Table(
      columns: [.right("COUNT"), .right("TOTAL")],
      rows: [[count(preview.count), count(preview.total)]])
  }

  /// The progress of an act in one line.
  static func progress(_ status: ActStatus) -> String { ActSummary.progress(status) }

  /// The result of an act: for people a sentence, for programs its numbers.
  static func result(_ status: ActStatus, as form: OutputForm) -> String {
    guard form != .plain else {
      var fields = Fields()
      fields.add("act", String(status.id))
      fields.add("state", status.state.rawValue)
      fields.add("count", count: status.count)
      if let previewed = status.previewed { fields.add("previewed", count: previewed) }
      fields.add("delivered", count: status.delivered)
      fields.add("queued", count: status.queued)
      for (reason, count) in status.failed.counts.sorted(by: { $0.key < $1.key }) {
        fields.add("failed.\(UntrustedText.escaped(reason))", count: count)
      }
      return fields.table.text(as: form)
    }
    return form.shown(ActSummary(status).text) + "\n"
  }

  /// The acts, one a line.
  static func table(_ acts: [ActStatus]) -> Table {
    Table(
      columns: [
        .right("ACT"), .fixed("KIND"), .fixed("STATE"), .right("SESSIONS"),
        .right("DELIVERED", turn: 2), .right("QUEUED", turn: 0), .right("FAILED"),
        .right("RATE", turn: 1), .left("FILTER"), .left("BY", turn: 3),
      ],
      rows: acts.map { act in
        [
          Table.Cell(String(act.id)), Table.Cell(act.kind.rawValue), Table.Cell(act.state.rawValue),
          count(act.count), count(act.delivered), count(act.queued), count(act.failed.total),
          Table.Cell(
            act.rate.map(QuantityText.exactPerSecond) ?? "–",
            plain: act.rate.map(SessionText.decimal) ?? ""),
          Table.Cell(
            UntrustedText.escaped(act.filter ?? "", limit: SessionText.longestText),
            plain: UntrustedText.escaped(act.filter ?? "")),
          Table.Cell(UntrustedText.escaped(act.actor ?? "")),
        ]
      })
  }

  private static func count(_ count: Int) -> Table.Cell {
    Table.Cell(QuantityText.readableCount(count), plain: String(count))
  }
}
