import ControlProtocol
import Vocabulary

/// The candidates for the word at the end of a command line.
package struct CommandCompletion: Equatable, Sendable {
  /// The index of the first character that they replace.
  package var start: Int
  /// The words, quoted where a shell needs it, in the order of their tables.
  package var candidates: [String]

  /// The most words that are offered at once.
  package static let maximumCount = 200

  /// The candidates for a line, up to the cursor.
  package init(_ line: String, in context: ScreenContext) {
    let words = CommandWords(line)
    let partial = words.isInsideWord ? words.words.last : nil
    let before = words.isInsideWord ? Array(words.texts.dropLast()) : words.texts
    let typed = partial?.text ?? ""
    start = partial?.start ?? line.count
    if before == ["filter"] || before.first == "filter" {
      // `filter` takes the rest of the line as it stands, with quotes of its own.
      let offset = words.words.first.map { $0.start + "filter ".count } ?? line.count
      let (place, found) = Self.filterWords(for: String(line.dropFirst(offset)), context)
      start = offset + place
      candidates = found
      return
    }
    let catalogue = context.setup.commands
    let named = catalogue.command(of: before)
    var found: [String] = []
    if named == nil {
      if before.isEmpty { found = catalogue.commands.map(\.name) }
    } else if let (command, wordCount) = named {
      if wordCount == before.count { found = command.subcommands.map(\.name) }
      found += Self.words(
        of: command, behind: Array(before.dropFirst(wordCount)), typed: typed, context)
    }
    // What completes a filter begins as that does, but for the quotes that a value needs.
    let isFilter = named != nil && before.last == "--filter"
    candidates = Self.fitting(
      found, isFilter ? "" : typed, in: partial.flatMap { line.dropFirst($0.start).first })
  }

  /// The words with the typed prefix, without duplicates, at most `maximumCount`.
  ///
  /// - Parameter quote: the character that the word begins with as it is typed: a quote stays.
  private static func fitting(
    _ words: [String], _ typed: String, in quote: Character? = nil
  ) -> [String] {
    var seen: Set<String> = []
    let fitting = words.filter { $0.hasPrefix(typed) && seen.insert($0).inserted }
    return fitting.prefix(maximumCount).map { quoted($0, in: quote) }
  }

  /// A word as it is typed; quotes stay open, since more may follow.
  private static func quoted(_ word: String, in quote: Character?) -> String {
    if quote == "'", !word.contains("'") { return "'" + word }
    if quote == "\"" {
      return "\"" + word.flatMap { "\"\\$`".contains($0) ? ["\\", $0] : [$0] }
    }
    guard word.contains(where: { $0.isWhitespace || "\"'\\".contains($0) }) else { return word }
    guard word.contains(where: { "\"\\".contains($0) }) else { return "\"" + word }
    if !word.contains("'") { return "'" + word }
    return "\"" + word.flatMap { "\"\\".contains($0) ? ["\\", $0] : [$0] }
  }

  // MARK: Words of a command

  private static func words(
    of command: CommandCatalogue.Command, behind before: [String], typed: String,
    _ context: ScreenContext
  ) -> [String] {
    if let name = before.last,
      let option = command.arguments.first(where: { $0.kind == .option && $0.name == name })
    {
      return values(of: option, of: command, typed: typed, context)
    }
    let options = command.arguments.filter { $0.kind != .positional && !before.contains($0.name) }
      .map(\.name)
    let positional = command.arguments.filter { $0.kind == .positional }
    let words = positional.flatMap { values(of: $0, of: command, typed: typed, context) }
    return words + (typed.isEmpty || typed.hasPrefix("-") ? options : [])
  }

  private static func values(
    of argument: CommandCatalogue.Argument, of command: CommandCatalogue.Command, typed: String,
    _ context: ScreenContext
  ) -> [String] {
    switch argument.name {
    case "--filter": return filterValues(for: typed, context)
    case "--route": return context.latest.statistics?.engine.routes ?? []
    case "--session", "ids", "id": return sessions(context)
    case "act": return context.acts.running.map { String($0.id) }
    case "settings": return settings(argument.values, typed: typed, context)
    // `--name` and `--control` have no candidates: they name another engine.
    case "--name", "--control": return []
    default: return argument.values
    }
  }

  private static func sessions(_ context: ScreenContext) -> [String] {
    let rows = context.latest.sessions?.sessions.map(\.id) ?? []
    return (context.chosen.subjects.prefix(maximumCount) + rows).map(\.description)
  }

  /// Keys, and behind a key and its `=` the value in force.
  private static func settings(_ keys: [String], typed: String, _ context: ScreenContext)
    -> [String]
  {
    guard let equals = typed.firstIndex(of: "="),
      let key = LimitKey(rawValue: String(typed[..<equals]))
    else { return keys }
    let definition = key.definition
    var values = [context.latest.engineValue(of: key) ?? ""]
    values += [definition.defaultValue].map(key.text(of:))
    if definition.permitsOff { values.append("off") }
    if case .choice(let words) = definition.unit { values += words }
    return values.filter { !$0.isEmpty }.map { "\(key.rawValue)=\($0)" }
  }

  // MARK: Filters

  /// The whole value with its last word completed.
  private static func filterValues(for typed: String, _ context: ScreenContext) -> [String] {
    let (start, words) = filterWords(for: typed, context)
    return words.map { typed.prefix(start) + $0 }
  }

  /// The candidates at the end of a filter, and the index of the first character that they replace.
  private static func filterWords(
    for typed: String, _ context: ScreenContext
  ) -> (start: Int, words: [String]) {
    let found = FilterCompletion(of: typed, knowing: context.knownValues)
    if found.candidates.isEmpty, typed.prefix(found.start).hasSuffix("id=") {
      let value = typed.dropFirst(found.start)
      return (found.start, fitting(sessions(context), String(value)))
    }
    // The candidates end without a space: only the person knows whether the term is over.
    return (
      found.start,
      found.candidates.map { $0.text.last == " " ? String($0.text.dropLast()) : $0.text }
    )
  }
}
