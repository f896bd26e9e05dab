/// The commands of the command line with their options, as far as completion needs them.
///
/// The parser of commands makes it out of its own tables, so that the two cannot disagree.
package struct CommandCatalogue: Equatable, Sendable {
  /// A command, or a group of commands.
  package struct Command: Equatable, Sendable {
    /// Its word.
    package var name: String
    /// The commands below it.
    package var subcommands: [Command]
    /// Its options and operands.
    package var arguments: [Argument]

    /// A command.
    package init(
      name: String, subcommands: [Command] = [], arguments: [Argument] = []
    ) {
      self.name = name
      self.subcommands = subcommands
      self.arguments = arguments
    }
  }

  /// A word of a command, or an option.
  package struct Argument: Equatable, Sendable {
    /// The kind of the word.
    package var kind: Kind
    /// The option's name with its dashes; for operands, the placeholder.
    package var name: String
    /// The possible values, as far as they can be listed.
    package var values: [String]

    /// The kinds of words.
    package enum Kind: Sendable {
      /// An operand.
      case positional
      /// An option with a value.
      case option
      /// An option without a value.
      case flag
    }

    /// A word.
    package init(_ kind: Kind, _ name: String, values: [String] = []) {
      self.kind = kind
      self.name = name
      self.values = values
    }
  }

  /// The commands, in the order of help.
  package var commands: [Command]

  /// A catalogue.
  package init(_ commands: [Command] = []) {
    self.commands = commands
  }

  /// The command that the words begin with, and the number of words that name it; nil if none does.
  package func command(of words: [String]) -> (command: Command, wordCount: Int)? {
    var found: (command: Command, wordCount: Int)?
    var candidates = commands
    for word in words {
      guard let next = candidates.first(where: { $0.name == word }) else { break }
      found = (next, (found?.wordCount ?? 0) + 1)
      candidates = next.subcommands
    }
    return found
  }
}
