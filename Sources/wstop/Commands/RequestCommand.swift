import ArgumentParser
import ControlProtocol

/// A command that makes one request and shows the reply.
///
/// `ControlRequest.shellCommands` is its inverse: from the request to the words of the command.
protocol RequestCommand: ParsableCommand {
  /// The request; nothing is read, opened or looked up for it but named files.
  func request() throws -> ControlRequest
}
