import ArgumentParser
import Dashboard
import Testing

@testable import wstop

@Suite("Reading the manual")
struct ManualReaderTests {
  private static let sample = MarkdownDocument(
    """
    # A title

    Some `code --x` and **strong** words, a [link](other.md), one [out](https://example.com),
    an *emphasis*, [other](other.md) and 2 \\* 3.

    <!-- table: nothing -->
    | key | |
    |---|---|
    | `a` | first \\| second |
    | b |

    - one
      goes on
    - two

    ```sh
    wstop  show   # as it is
    ```
    ![a picture](x.svg)
    """)

  @Test("Headings, paragraphs, lists, code and tables are told apart")
  func blocks() {
    typealias Run = MarkdownDocument.Run
    #expect(
      Self.sample.blocks == [
        .heading(level: 1, [Run(text: "A title")]),
        .paragraph([
          Run(text: "Some "), Run(text: "code --x", style: .code), Run(text: " and "),
          Run(text: "strong", style: .strong), Run(text: " words, a "), Run(text: "link"),
          Run(text: " ("), Run(text: "wstop manual other", style: .code),
          Run(text: "), one "), Run(text: "out"),
          Run(text: " (https://example.com), an emphasis, "),
          Run(text: "wstop manual other", style: .code), Run(text: " and 2 * 3."),
        ]),
        .table(
          titles: [[Run(text: "key")], []],
          rows: [
            [[Run(text: "a", style: .code)], [Run(text: "first | second")]],
            [[Run(text: "b")], []],
          ]),
        .item([Run(text: "one goes on")]), .item([Run(text: "two")]),
        .code(["wstop  show   # as it is"]),
      ])
  }

  @Test("Marks without an end are text")
  func unfinished() {
    let document = MarkdownDocument("a ` b * c [d](e ** f ![g]\n\n```\nopen")
    #expect(
      document.blocks == [
        .paragraph([MarkdownDocument.Run(text: "a ` b * c [d](e ** f ![g]")]), .code(["open"]),
      ])
  }

  @Test("A page is as wide as it may be, with bold headings only where they are wanted")
  func layout() {
    let text = ManualCommand.text(of: Self.sample, columns: 40, isBold: false)
    #expect(
      text == """
        A TITLE

          Some `code --x` and strong words, a
          link (`wstop manual other`), one out
          (https://example.com), an emphasis,
          `wstop manual other` and 2 * 3.

          key
          a    first | second
          b

          - one goes on
          - two

            wstop  show   # as it is

        """)
    let bold = ManualCommand.text(of: Self.sample, columns: 40, isBold: true)
    #expect(bold.hasPrefix("\u{1B}[1mA TITLE\u{1B}[m\n"))
    #expect(bold.contains("\u{1B}[1m  key\u{1B}[m\n"))
    #expect(bold.count { $0 == "\u{1B}" } == 4)
  }

  @Test("A table that does not fit is shown as records, and a word that does not is broken")
  func narrow() {
    let document = MarkdownDocument(
      "| key | default | |\n|---|---|---|\n| messages-per-second | unlimited | received ones |\n")
    let lines = ManualLayout(columns: 24).lines(of: document).map(\.text)
    #expect(
      lines == [
        "  messages-per-second", "    received ones;", "    default: unlimited",
      ])
    #expect(ManualLayout.broken("abcdef gh", columns: 4) == ["abcd", "ef", "gh"])
    #expect(ManualLayout.broken("日本語", columns: 4) == ["日本", "語"])
    #expect(ManualLayout.broken("", columns: 4) == [""])
  }

  @Test(
    "No line of text is wider than the page; code stands as it is",
    arguments: [20, 47, 80, 100, 1000])
  func widths(columns: Int) {
    for topic in ManualTopic.allCases {
      let code = topic.document.blocks.flatMap { block -> [String] in
        if case .code(let lines) = block { lines } else { [] }
      }
      for line in ManualLayout(columns: columns).lines(of: topic.document)
      where line.text.count > min(columns, ManualLayout.maximumColumns) && !line.isHeading {
        #expect(code.contains { "    " + $0 == line.text }, "\(topic): \(line.text)")
      }
    }
  }

  @Test(
    "A topic that is none is refused with the nearest one, as wrong usage",
    arguments: [
      ("limts", "the nearest is limits"), ("close", "the nearest is close-codes"),
      ("TSL", "the nearest is tls"), ("\u{1B}[2J", "wstop manual lists them"),
    ])
  func unknown(name: String, advice: String) throws {
    let error = #expect(throws: (any Error).self) { try WStop.parseAsRoot(["manual", name]) }
    let message = WStop.message(for: try #require(error))
    #expect(message.contains("no topic is called") && message.contains(advice), "\(message)")
    #expect(WStop.exitCode(for: try #require(error)).rawValue == CommandFailure.usage)
  }

  @Test("The console's line shows topics too, and completes them")
  func console() throws {
    let context = CommandContext(subjects: [], filter: "", attachWords: [], run: "r1")
    guard case .text("wstop manual", let list) = try line("manual").get(),
      case .text("wstop manual close-codes", let page) = try line("manual close-codes").get()
    else {
      Issue.record("no page")
      return
    }
    #expect(list.contains { $0.hasPrefix("  troubleshooting ") })
    #expect(page.contains { $0.contains("1009") })
    #expect((list + page).allSatisfy { $0.count <= 78 })
    for (text, part) in [("manual limts", "limits"), ("manual a b", "one topic")] {
      guard case .failure(let fault) = line(text) else {
        Issue.record("\(text) was taken")
        continue
      }
      #expect(fault.message.contains(part))
    }
    let word = try #require(try CommandCatalogue.ofConsole().command(of: ["manual"])?.command)
    #expect(word.arguments.first?.values.contains("close-codes") == true)

    func line(_ text: String) -> Result<ConsoleCommand, CommandFault> {
      ConsoleCommandLine.interpret(text, context)
    }
  }

  @Test("The page for man has every command and topic, and nothing that roff would take otherwise")
  func manPage() {
    let lines = ManualPage.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(ManualPage.text.utf8.allSatisfy { $0 < 0x80 && ($0 >= 0x20 || $0 == 0x0A) })
    let macros = Set(
      lines.filter { $0.hasPrefix(".") }.compactMap { $0.split(separator: " ").first })
    #expect(
      macros.isSubset(of: [
        ".\\\"", ".TH", ".SH", ".SS", ".B", ".PP", ".TP", ".IP", ".RS", ".RE", ".nf", ".fi",
      ]), "\(macros)")
    #expect(!lines.contains { $0.hasPrefix("'") || $0.hasPrefix("\\&.\\\"") })
    for (opening, closing) in [(".RS 4", ".RE"), (".nf", ".fi")] {
      #expect(lines.count { $0 == opening } == lines.count { $0 == closing })
    }
    // Whatever a backslash begins is one of the escapes that the page has.
    let escapes = #/\\(?:\(rs|\(ha|\(ti|\(ga|\(aq|\(dq|\(bu|\[u[0-9A-F]{4,6}\]|f[BIR]|&|-|")/#
    for line in lines {
      #expect(!line.replacing(escapes, with: "").contains("\\"), "\(line)")
    }
    for command in WStop.configuration.subcommands {
      #expect(lines.contains(".B wstop \(command.configuration.commandName ?? "?")"))
    }
    #expect(lines.count { $0.hasPrefix(".SH") } == 4 + ManualTopic.allCases.count)
  }

  @Test("The commands are in five groups, each in one")
  func groups() {
    let groups = WStop.configuration.groupedSubcommands
    #expect(groups.map(\.name) == ["Look", "Act", "Limit", "Serve", "Tools"])
    let names = groups.flatMap { $0.subcommands }.compactMap { $0.configuration.commandName }
    #expect(Set(names).count == names.count)
    #expect(WStop.configuration.ungroupedSubcommands.isEmpty)
    let help = WStop.helpMessage(columns: 80)
    for group in groups {
      #expect(help.contains("\(group.name.uppercased()) SUBCOMMANDS:"))
    }
    for name in names { #expect(help.contains("\n  \(name) "), "\(name)") }
  }
}
