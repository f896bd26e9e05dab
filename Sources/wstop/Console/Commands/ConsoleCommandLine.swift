import ArgumentParser
import ControlProtocol
import Dashboard
import Vocabulary

/// Interprets the console's command line: the commands of the shell, by the shell's own parser, and
/// a few words of its own.
enum ConsoleCommandLine {
  /// Interprets a line.
  static func interpret(
    _ line: String, _ context: CommandContext
  ) -> Result<ConsoleCommand, CommandFault> {
    do {
      return .success(try command(line, context))
    } catch let fault as CommandFault {
      return .failure(fault)
    } catch let failure as CommandFailure {
      return .failure(CommandFault(failure.message))
    } catch {
      return .failure(CommandFault(UntrustedText.escaped(sentence(error))))
    }
  }

  /// The parser's error, without the value and the option that were just typed.
  private static func sentence(_ error: any Error) -> String {
    let message = WStop.message(for: error)
    guard message.hasPrefix("The value '"), let range = message.firstRange(of: ">': ") else {
      return message
    }
    return String(message[range.upperBound...])
  }

  private static func command(
    _ line: String, _ context: CommandContext
  ) throws -> ConsoleCommand {
    var words = CommandWords(line).texts
    // `wstop` is dropped, so that a line that the console has shown can be typed as it is.
    if words.first == "wstop" { words.removeFirst() }
    guard let verb = words.first else { throw CommandFault("no command") }
    if let own = try ConsoleWord(rawValue: verb)?.command(words, line) { return own }
    if words.count == 1, let screen = Screen.named(verb) { return .show(screen) }
    guard WStop.configuration.subcommands.contains(where: { $0.configuration.commandName == verb })
    else {
      let advice = nearest(to: verb).map { "the nearest is \($0)" }
      throw CommandFault(
        "no such command: \(UntrustedText.escaped(verb, limit: 64)); "
          + (advice ?? "Tab lists them, q quits"))
    }
    if words.contains("--help") || words.contains("-h") { return help(of: words) }
    let parsed = try WStop.parsed(filled(words, context))
    guard let command = parsed as? any ConsoleActing else {
      throw CommandFault("wstop \(UntrustedText.escaped(verb, limit: 64)) is for a shell")
    }
    let attached = command.engine.attachWords
    guard attached.isEmpty || attached == context.attachWords else {
      throw CommandFault("this console is attached to one engine: use a shell for another")
    }
    return try command.consoleCommand(in: context)
  }

  /// The word that a line may begin with here and that is most similar to one; nil if none is.
  private static func nearest(to verb: String) -> String? {
    let commands = WStop.configuration.subcommands.filter { command in
      command is any ConsoleActing.Type
        || command.configuration.subcommands.contains { $0 is any ConsoleActing.Type }
    }
    return NearestName.of(
      verb,
      among: commands.compactMap { $0.configuration.commandName }
        + ConsoleWord.allCases.map(\.rawValue) + Screen.allCases.map { $0.title.lowercased() })
  }

  /// The help of the command that the words name.
  private static func help(of words: [String]) -> ConsoleCommand {
    var type: any ParsableCommand.Type = WStop.self
    var title = "wstop"
    for word in words {
      guard
        let next = type.configuration.subcommands.first(where: {
          $0.configuration.commandName == word
        })
      else { break }
      type = next
      title += " " + word
    }
    let lines = WStop.helpMessage(for: type, columns: helpColumns).split(
      separator: "\n", omittingEmptySubsequences: false)
    return .text(
      title: title, lines: lines.flatMap { wrapped(UntrustedText.escaped(String($0))) })
  }

  /// A topic of the manual, or the list of them.
  fileprivate static func manual(_ name: String?) throws -> ConsoleCommand {
    let topic: ManualTopic?
    do throws(ManualTopic.Unknown) {
      topic = try name.map { name throws(ManualTopic.Unknown) in try ManualTopic(named: name) }
    } catch {
      throw CommandFault(error.description)
    }
    let lines = ManualLayout(columns: helpColumns).lines(of: ManualCommand.document(of: topic))
    return .text(
      title: ["wstop manual", topic?.rawValue].compactMap(\.self).joined(separator: " "),
      lines: lines.flatMap { wrapped($0.text) })
  }

  /// A line in pieces for a narrow terminal: the parser does not break its usage.
  private static func wrapped(_ line: String) -> [String] {
    var lines: [String] = []
    var rest = line[...]
    while rest.count > helpColumns,
      let word = rest.firstIndex(where: { $0 != " " }),
      let space = rest.prefix(helpColumns).lastIndex(of: " "), space > word
    {
      lines.append(String(rest[..<space]))
      rest = ("    " + rest[rest.index(after: space)...])[...]
    }
    return lines + [String(rest)]
  }

  /// The columns of help.
  private static let helpColumns = 78

  /// The words of an act with their default target: `close` alone is for the marked sessions or the
  /// one under the cursor, `close filter` for all of the table.
  private static func filled(_ words: [String], _ context: CommandContext) throws -> [String] {
    guard ["close", "send", "tap"].contains(words[0]) else { return words }
    if words.count > 1, words[1] == "filter" {
      return [words[0], "--filter", context.filter] + words.dropFirst(2)
    }
    let names = words.dropFirst().contains { word in
      SessionID(word) != nil || word == "--filter" || word.hasPrefix("--filter=")
    }
    if names { return words }
    guard !context.subjects.isEmpty else {
      throw CommandFault("there is no session under the cursor, and none is named")
    }
    // A tap is for one session, or for a filter.
    let subjects = words[0] == "tap" ? context.subjects.prefix(1) : context.subjects[...]
    return [words[0]] + subjects.map(\.description) + words.dropFirst()
  }
}

/// The words of the console alone.
private enum ConsoleWord: String, CaseIterable {
  case q, quit, help, filter, sort, manual

  func command(_ words: [String], _ line: String) throws -> ConsoleCommand? {
    switch self {
    case .q, .quit:
      guard words.count == 1 else { throw CommandFault("quit takes no words") }
      return .quit
    case .help:
      // `help close` shows the help of a command, and is not handled here.
      return words.count == 1 ? .help : nil
    case .filter:
      let text = Self.rest(of: line, behind: "filter")
      do throws(FilterError) {
        _ = try SessionFilter(text)
      } catch {
        throw CommandFault(error.description)
      }
      return .sessions(filter: text)
    case .sort:
      guard words.count == 2 else { throw CommandFault("sort wants a column, such as -in.bytes") }
      let sort = try SortOrder<SessionField>.argument(words[1])
      return .sessions(sort: sort.key, isDescending: sort.isDescending)
    case .manual:
      guard words.count <= 2 else { throw CommandFault("manual takes one topic") }
      return try ConsoleCommandLine.manual(words.count == 2 ? words[1] : nil)
    }
  }

  /// The text behind a word, as it was typed: filters have quotes of their own.
  private static func rest(of line: String, behind word: String) -> String {
    guard let range = line.firstRange(of: word) else { return "" }
    return line[range.upperBound...].trimmingSpaces
  }
}

extension Substring {
  fileprivate var trimmingSpaces: String {
    var text = drop(while: \.isWhitespace)
    while text.last?.isWhitespace ?? false { text.removeLast() }
    return String(text)
  }
}

extension Screen {
  /// The screen with a title, in lower case.
  static func named(_ word: String) -> Screen? {
    allCases.first { $0.title.lowercased() == word.lowercased() }
  }
}
