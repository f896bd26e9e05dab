import ArgumentParser
import ControlProtocol

/// A command that asks the engine one thing, and shows the answer.
///
/// `ControlRequest.shellCommands` is the way back: from what is asked to the words of the command.
protocol RequestCommand: ParsableCommand {
  /// What the engine is asked; nothing is read, opened or looked up for it but files that are named.
  func request() throws -> ControlRequest
}
