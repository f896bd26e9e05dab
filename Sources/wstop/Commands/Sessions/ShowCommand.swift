import ArgumentParser
import ControlProtocol
import EventLoop
import Vocabulary

struct ShowCommand: RequestCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show everything known of one session.")

  @OptionGroup var engine: EngineOptions

  @Argument(help: "The session's ID, such as s-4k2.", transform: SessionID.argument)
  var id: SessionID

  @Flag(
    help: "Show what is redacted too: for whoever may act, and told in the event log.")
  var showSecrets = false

  @OptionGroup var output: OutputOptions

  func request() -> ControlRequest { showSecrets ? .sessionSecrets(id) : .session(id) }

  func run() throws {
    guard case .session(let details) = try engine.perform(request()) else {
      throw CommandFailure.unexpectedAnswer
    }
    output.show(details, as: SessionText.details(details, now: SystemClock.secondsSince1970()))
  }
}
