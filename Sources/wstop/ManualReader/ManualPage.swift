import ArgumentParser
import ControlProtocol

/// The manual as a page for man(1), in the macros of man(7).
///
/// It has NAME, SYNOPSIS and COMMANDS from the parser's own table, then every topic as a section.
/// The text is ASCII: other scalars are escaped by their number, which groff and mandoc both read.
enum ManualPage {
  /// The page, with the program's version.
  static var text: String {
    var lines = [
      ".\\\" Made by wstop manual --man.",
      ".TH WSTOP 1 \"\" \"wstop \(ProgramVersion.current)\" \"wstop manual\"",
      ".SH NAME", "wstop \\- htop for WebSockets",
      ".SH SYNOPSIS", ".B wstop", "[\\fICOMMAND\\fR] [\\fIOPTIONS\\fR]",
      ".SH DESCRIPTION", escaped(WStop.configuration.abstract),
      escaped("Each section below is a topic of wstop manual TOPIC."),
      ".SH COMMANDS",
    ]
    for group in WStop.configuration.groupedSubcommands {
      lines.append(".SS " + argument(group.name))
      for command in group.subcommands {
        lines += [
          ".TP", ".B wstop " + escaped(command.configuration.commandName ?? ""),
          escaped(command.configuration.abstract),
        ]
      }
    }
    for topic in ManualTopic.allCases { lines += section(topic) }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func section(_ topic: ManualTopic) -> [String] {
    topic.document.blocks.flatMap { block -> [String] in
      switch block {
      case .heading(1, let runs): [".SH " + argument(runs.bareText.uppercased())]
      case .heading(_, let runs): [".SS " + argument(runs.bareText)]
      case .paragraph(let runs): [".PP", line(runs)]
      case .item(let runs): [".IP \\(bu 2", line(runs)]
      case .code(let code):
        [".PP", ".RS 4", ".nf"] + code.map { protected(escaped($0)) } + [".fi", ".RE"]
      case .table(let titles, let rows):
        rows.flatMap { row in
          [
            ".TP", protected("\\fB" + escaped(row[0].bareText) + "\\fR"),
            protected(
              escaped(
                MarkdownDocument.record(
                  titles: titles.map(\.bareText), row: row.map(\.bareText)))),
          ]
        }
      }
    }
  }

  /// Runs as one line of text.
  private static func line(_ runs: [MarkdownDocument.Run]) -> String {
    protected(
      runs.map { run in
        run.style == .plain ? escaped(run.text) : "\\fB" + escaped(run.text) + "\\fR"
      }.joined())
  }

  /// A text as one argument of a macro.
  private static func argument(_ text: String) -> String {
    "\"" + escaped(text).replacing("\"", with: "\\(dq") + "\""
  }

  /// A line that is no request, even if it begins like one.
  private static func protected(_ line: String) -> String {
    line.first == "." || line.first == "'" ? "\\&" + line : line
  }

  /// The text with roff's escapes escaped, and every `-` as an option's.
  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      switch scalar {
      case "\\": "\\(rs"
      case "-": "\\-"
      case "^": "\\(ha"
      case "~": "\\(ti"
      case "`": "\\(ga"
      case "'": "\\(aq"
      case _ where scalar.isASCII: String(scalar)
      default: "\\[u\(hexadecimal(scalar))]"
      }
    }.joined()
  }

  /// The number of a scalar, at least four digits long.
  private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
