import ArgumentParser
import Vocabulary

/// The names of commands in a line, where the parser's own error names the wrong cause: a word that
/// is no command it takes for an argument of the default one.
enum CommandNames {
  /// The complaint about a word of a line that should name a command and does not; nil if the words
  /// name commands.
  static func complaint(about words: [String]) -> String? {
    var type: any ParsableCommand.Type = WStop.self
    var title = "wstop"
    for (index, word) in words.enumerated() {
      let commands = type.configuration.subcommands
      guard !commands.isEmpty else { return nil }
      let names = commands.compactMap { $0.configuration.commandName }
      if word.hasPrefix("-") { return index == 0 ? late(words, names) : nil }
      if word == "help", index == 0 { return nil }
      guard let next = commands.first(where: { $0.configuration.commandName == word }) else {
        let advice =
          NearestName.of(word, among: names).map { "the nearest is \(title) \($0)" }
          ?? (index == 0
            ? "wstop --help lists them" : "they are \(names.joined(separator: ", "))")
        return "\(title) has no command \"\(UntrustedText.escaped(word, limit: 64))\"; \(advice)"
      }
      type = next
      title += " " + word
    }
    return nil
  }

  /// The complaint about options that stand before a command.
  private static func late(_ words: [String], _ names: [String]) -> String? {
    guard let place = words.firstIndex(where: names.contains) else { return nil }
    return "the command stands first: wstop \(words[place]) "
      + UntrustedText.escaped(words[..<place].joined(separator: " "), limit: 200)
  }
}
