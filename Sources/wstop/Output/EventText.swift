import ControlProtocol
import Dashboard
import Glibc
import Vocabulary

/// Events as text.
enum EventText {
  /// The least columns of a terminal with one of its own for who did it.
  private static let wideColumns = 100
  /// The columns for who did it: user, its number and the process.
  private static let actorColumns = 24
  /// The columns for the kind, of which `problem` is the longest.
  private static let kindColumns = 7

  /// The titles above the lines of events on a terminal.
  static func heading(as form: OutputForm) -> String {
    let time = "TIME" + String(repeating: " ", count: time(0).count - 4)
    return hasActorColumn(form)
      ? line(time, "KIND", "BY", "WHAT HAPPENED", as: form)
      : line(time, "KIND", "", "WHAT HAPPENED, BY WHOM", as: form)
  }

  /// One event on one line: on a terminal in columns, the message last and whole.
  static func line(_ event: EngineEvent, as form: OutputForm) -> String {
    guard form != .plain else { return String(table([event]).text(as: .plain).dropLast()) }
    return line(
      time(event.at), event.kind.rawValue, event.actor.map { UntrustedText.escaped($0) } ?? "",
      UntrustedText.escaped(event.message), as: form)
  }

  private static func line(
    _ time: String, _ kind: String, _ actor: String, _ message: String, as form: OutputForm
  ) -> String {
    let head = time + "  " + DisplayWidth.padded(kind, to: kindColumns) + "  "
    guard hasActorColumn(form) else {
      return head + message + (actor.isEmpty ? "" : "  by \(actor)")
    }
    // A longer one pushes the message on: its end, an address or a process, is never cut.
    let padding = String(repeating: " ", count: max(0, actorColumns - DisplayWidth.of(actor)))
    return head + actor + padding + "  " + message
  }

  private static func hasActorColumn(_ form: OutputForm) -> Bool {
    form.columns.map { $0 >= wideColumns } ?? true
  }

  /// Events as a table, for programs.
  static func table(_ events: [EngineEvent]) -> Table {
    Table(
      columns: [],
      names: ["number", "at", "kind", "message", "actor", "command"],
      times: ["at"],
      rows: events.map { event in
        [
          String(event.sequence), SessionText.decimal(event.at), event.kind.rawValue,
          UntrustedText.escaped(event.message), UntrustedText.escaped(event.actor ?? ""),
          event.command.map(shown(command:)) ?? "",
        ].map { Table.Cell(nil, plain: $0) }
      })
  }

  /// A command as it can be typed again, escaped if it is not safe for a terminal.
  static func shown(command: String) -> String {
    let escaped = UntrustedText.escaped(command)
    // A backslash is the shell's quoting, and not doubled.
    return escaped == command.replacing("\\", with: "\\\\") ? command : escaped
  }

  /// The time by ISO 8601, in UTC and to the millisecond; nil for one that no calendar has.
  static func isoTime(_ secondsSince1970: Double) -> String? {
    let milliseconds = (secondsSince1970 * 1000).rounded()
    guard milliseconds.isFinite, abs(milliseconds) < 1e15 else { return nil }
    let whole = (milliseconds / 1000).rounded(.down)
    var seconds = time_t(whole)
    var parts = tm()
    guard gmtime_r(&seconds, &parts) != nil else { return nil }
    var text = [CChar](repeating: 0, count: 64)
    let count = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%S", &parts)
    let rest = String(Int(milliseconds - whole * 1000))
    return String(decoding: text.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
      + "." + String(repeating: "0", count: 3 - rest.count) + rest + "Z"
  }

  /// The local time of day with its date.
  static func time(_ secondsSince1970: Double) -> String {
    var seconds = time_t(exactly: secondsSince1970.rounded(.down)) ?? 0
    var parts = tm()
    localtime_r(&seconds, &parts)
    var text = [CChar](repeating: 0, count: 32)
    let count = strftime(&text, text.count, "%Y-%m-%d %H:%M:%S", &parts)
    return String(decoding: text.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
