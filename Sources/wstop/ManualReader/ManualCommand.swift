import ArgumentParser

struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual", abstract: "Show the manual, or list its topics.",
    discussion: """
      On a terminal a topic is shown by $PAGER, else by less; elsewhere it is plain text of 80 \
      columns. The manual is in the program itself.
      """)

  @Argument(
    help: "The topic; without one they are listed.",
    completion: .list(ManualTopic.allCases.map(\.rawValue)), transform: Self.topic)
  var topic: ManualTopic?

  @Flag(help: "Write the whole manual as a page for man.")
  var man = false

  func validate() throws {
    guard topic == nil || !man else { throw ValidationError("--man is for the whole manual") }
  }

  func run() {
    if man {
      StandardOutput.write(ManualPage.text)
    } else {
      Self.show(Self.document(of: topic))
    }
  }

  /// The document of a topic; without one, the list of topics.
  static func document(of topic: ManualTopic?) -> MarkdownDocument {
    topic?.document ?? contents
  }

  /// The list of topics.
  private static var contents: MarkdownDocument {
    var document = MarkdownDocument("# Manual\n\n`wstop manual TOPIC` shows one of these.\n")
    document.blocks.append(
      .table(
        titles: [[], []],
        rows: ManualTopic.allCases.map { topic in
          [
            [MarkdownDocument.Run(text: topic.rawValue)],
            [MarkdownDocument.Run(text: topic.summary)],
          ]
        }))
    return document
  }

  private static func topic(_ name: String) throws -> ManualTopic {
    do throws(ManualTopic.Unknown) {
      return try ManualTopic(named: name)
    } catch {
      throw ValidationError(error.description)
    }
  }

  /// The columns of text for no terminal.
  private static let plainColumns = 80

  private static func show(_ document: MarkdownDocument) {
    guard StandardOutput.isTerminal else {
      StandardOutput.write(text(of: document, columns: plainColumns, isBold: false))
      return
    }
    let size = TerminalSize.ofOutput
    let isDumb = Environment["TERM"] == "dumb"
    let text = StandardOutput.form.shown(
      text(
        of: document, columns: size?.columns ?? plainColumns,
        isBold: !isDumb && Environment["NO_COLOR"] == nil))
    let lineCount = text.utf8.count { $0 == UInt8(ascii: "\n") }
    if !isDumb, lineCount >= size?.rows ?? 0, Pager.chosen.show(text) { return }
    StandardOutput.write(Array(text.utf8))
  }

  /// A document as text of so many columns, with headings that are bold, or plain.
  static func text(of document: MarkdownDocument, columns: Int, isBold: Bool) -> String {
    ManualLayout(columns: columns).lines(of: document).map { line in
      (isBold && line.isHeading ? "\u{1B}[1m\(line.text)\u{1B}[m" : line.text) + "\n"
    }.joined()
  }
}
