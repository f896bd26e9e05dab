import ArgumentParser
import ControlProtocol
import Dashboard

extension CommandCatalogue {
  /// The commands of the console's command line, from the parser's own description.
  ///
  /// - Throws: an error if the description cannot be decoded: another version of the parser may
  ///   have another.
  static func ofConsole() throws -> CommandCatalogue {
    try ofConsole(describedBy: WStop._dumpHelp())
  }

  /// The same for a description.
  static func ofConsole(describedBy dump: String) throws -> CommandCatalogue {
    let described = try ControlJSON.decode(Described.self, from: dump.utf8)
    let shells = described.command.subcommands ?? []
    let acting = Set(
      WStop.configuration.subcommands.filter { command in
        command is any ConsoleActing.Type
          || command.configuration.subcommands.contains { $0 is any ConsoleActing.Type }
      }.compactMap { $0.configuration.commandName })
    let own =
      Screen.allCases.map { screen in
        Command(name: screen.title.lowercased())
      } + [
        Command(name: "filter"),
        Command(
          name: "sort",
          arguments: [Argument(.positional, "column", values: CompletionWords.sortKeys)]),
        Command(
          name: "manual",
          arguments: [Argument(.positional, "topic", values: ManualTopic.allCases.map(\.rawValue))]),
        Command(name: "help"), Command(name: "quit"),
      ]
    let commands = shells.filter { acting.contains($0.commandName) }.map(\.command)
    return CommandCatalogue(
      commands + own.filter { word in !commands.contains { $0.name == word.name } })
  }
}

/// The part of the parser's description that completion needs.
private struct Described: Decodable {
  struct DescribedCommand: Decodable {
    var commandName: String
    var subcommands: [DescribedCommand]?
    var arguments: [DescribedArgument]?

    var command: CommandCatalogue.Command {
      CommandCatalogue.Command(
        name: commandName,
        subcommands: (subcommands ?? []).filter { $0.commandName != "help" }.map(\.command),
        arguments: (arguments ?? []).compactMap(\.argument))
    }
  }

  struct DescribedArgument: Decodable {
    struct Name: Decodable {
      var kind: String
      var name: String
    }

    struct Completion: Decodable {
      struct List: Decodable {
        var values: [String]
      }

      var list: List?
    }

    var kind: String
    var shouldDisplay: Bool?
    var preferredName: Name?
    var valueName: String?
    var allValues: [String]?
    var completionKind: Completion?

    /// The argument for completion; nil if it is hidden, or has only a short name.
    var argument: CommandCatalogue.Argument? {
      guard shouldDisplay ?? true else { return nil }
      let values = completionKind?.list?.values ?? allValues ?? []
      switch (kind, preferredName) {
      case ("positional", _):
        return CommandCatalogue.Argument(.positional, valueName ?? "", values: values)
      case ("option", let name?) where name.kind == "long":
        return CommandCatalogue.Argument(.option, "--" + name.name, values: values)
      case ("flag", let name?) where name.kind == "long":
        return CommandCatalogue.Argument(.flag, "--" + name.name)
      default: return nil
      }
    }
  }

  var command: DescribedCommand
}
