import ControlProtocol
import Vocabulary

/// The history as text.
enum HistoryText {
  /// The entries as a table, for programs: fields that an entry lacks are empty.
  static func table(_ entries: [HistoryEntry]) -> Table {
    Table(
      columns: [],
      names: [
        "number", "at", "kind", "run", "id", "route", "path", "query", "addr", "port", "opened",
        "in.messages", "out.messages", "in.bytes", "out.bytes", "largest", "rtt", "code", "who",
        "reason", "ua", "tag", "message", "actor", "command", "act",
      ],
      times: ["at", "opened"],
      rows: entries.map { entry in
        ([
          String(entry.number), SessionText.decimal(entry.at), entry.kind.rawValue,
          UntrustedText.escaped(entry.run),
        ] + fields(of: entry)
          + [entry.message, entry.actor ?? entry.session?.ending?.actor].map {
            UntrustedText.escaped($0 ?? "")
          }
          + [
            entry.command.map(EventText.shown(command:)) ?? "",
            entry.session?.ending?.act.map(String.init) ?? "",
          ])
          .map { Table.Cell(nil, plain: $0) }
      })
  }

  private static func fields(of entry: HistoryEntry) -> [String] {
    guard let row = entry.session else { return Array(repeating: "", count: 18) }
    let texts = [row.route, row.path, entry.query ?? "", row.address].map {
      UntrustedText.escaped($0)
    }
    let numbers = [
      row.messagesIn, row.messagesOut, row.bytesIn, row.bytesOut,
      max(row.largestIn, row.largestOut),
    ].map { String($0) }
    return [row.id.description] + texts + [String(row.port), SessionText.decimal(row.openedAt)]
      + numbers
      + [
        row.roundTripMilliseconds.map(SessionText.decimal) ?? "",
        row.ending.map { String($0.code.rawValue) } ?? "",
        UntrustedText.escaped(row.ending?.by.description ?? ""),
        UntrustedText.escaped(row.ending?.reason ?? ""),
        UntrustedText.escaped(row.userAgent ?? ""),
        UntrustedText.escaped((row.tags ?? []).joined(separator: " ")),
      ]
  }

  /// One entry on one line, for a person.
  static func line(_ entry: HistoryEntry) -> String {
    let head = "\(EventText.time(entry.at))  \(entry.kind.rawValue)  "
    guard let row = entry.session, let ending = row.ending else {
      return head + UntrustedText.escaped(entry.message ?? "")
        + (entry.actor.map { "  by \(UntrustedText.escaped($0))" } ?? "")
    }
    let life = QuantityText.readableDuration(seconds: row.age(now: ending.at))
    return head + "\(row.id)  \(UntrustedText.escaped(row.decodedPath, limit: 48))  "
      + SessionText.endpoint(of: row)
      + (row.tags.map { "  " + UntrustedText.escaped($0.joined(separator: " "), limit: 48) } ?? "")
      + "  \(ending.code.rawValue) by \(UntrustedText.escaped(ending.byWhom)) after \(life)"
      + (ending.reason.isEmpty ? "" : "  \"\(UntrustedText.escaped(ending.reason, limit: 64))\"")
      + "  in \(amount(row.messagesIn, row.bytesIn)), out \(amount(row.messagesOut, row.bytesOut))"
  }

  private static func amount(_ messages: Int, _ bytes: Int) -> String {
    "\(QuantityText.readableCount(messages)) msg \(QuantityText.readableBytes(bytes))"
  }
}
