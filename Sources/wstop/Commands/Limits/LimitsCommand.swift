import ArgumentParser

struct LimitsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "limits", abstract: "Show or change the limits that sessions live under.",
    subcommands: [
      LimitsShowCommand.self, LimitsSetCommand.self, LimitsUnsetCommand.self,
      LimitsKeepCommand.self,
    ],
    defaultSubcommand: LimitsShowCommand.self)
}
