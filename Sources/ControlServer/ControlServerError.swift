internal import Vocabulary

/// The reason why the control API does not start.
public enum ControlServerError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Another engine listens on the socket.
  case alreadyServed(String)

  /// The whole sentence.
  public var description: String {
    switch self {
    case .alreadyServed(let path):
      "\(UntrustedText.escaped(path)): another engine listens there"
    }
  }
}
