import ArgumentParser
import ControlProtocol

struct UpstreamsDrainCommand: RequestCommand {
  static let configuration = CommandConfiguration(
    commandName: "drain",
    abstract: "Have an upstream take no new sessions; those that it has stay.",
    discussion: """
      An event tells when its last session has ended. A restart of the engine forgets the drain.
      """)

  @OptionGroup var options: UpstreamOptions

  func request() throws -> ControlRequest { .drainUpstream(try options.selection()) }

  func run() throws { try options.show(try request()) }
}
