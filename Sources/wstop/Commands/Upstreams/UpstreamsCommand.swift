import ArgumentParser

struct UpstreamsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "upstreams",
    abstract: "Show the services behind routes, and take single ones out of use.",
    subcommands: [
      UpstreamsShowCommand.self, UpstreamsDrainCommand.self, UpstreamsResumeCommand.self,
    ],
    defaultSubcommand: UpstreamsShowCommand.self)
}
