internal import EventLoop
internal import Vocabulary

/// The reason why the control API cannot be served beyond the machine.
public struct RemoteControlError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The whole sentence: the file, the line and what would be right.
  public let description: String

  init(_ sentence: String) {
    description = sentence
  }

  init(_ failure: SecretFile.Failure) {
    description = UntrustedText.escaped(failure.description)
  }

  init(_ error: TLSError) {
    description = UntrustedText.escaped(error.description)
  }
}
