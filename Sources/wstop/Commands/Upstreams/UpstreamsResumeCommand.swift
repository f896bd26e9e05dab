import ArgumentParser
import ControlProtocol

struct UpstreamsResumeCommand: RequestCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Have an upstream take sessions again after a drain.")

  @OptionGroup var options: UpstreamOptions

  func request() throws -> ControlRequest { .resumeUpstream(try options.selection()) }

  func run() throws { try options.show(try request()) }
}
