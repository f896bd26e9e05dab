import ControlProtocol
import Glibc
import Vocabulary

/// Events as text.
enum EventText {
  /// One event on one line.
  static func line(_ event: EngineEvent, forTerminal: Bool) -> String {
    let message = UntrustedText.escaped(event.message)
    let actor = event.actor.map { UntrustedText.escaped($0) }
    guard forTerminal else {
      return String(table([event]).text(as: .plain).dropLast())
    }
    return "\(time(event.at))  \(event.kind.rawValue)  \(message)"
      + (actor.map { "  by \($0)" } ?? "")
  }

  /// Events as a table, for programs.
  static func table(_ events: [EngineEvent]) -> Table {
    Table(
      columns: [],
      names: ["number", "at", "kind", "message", "actor", "command"],
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
