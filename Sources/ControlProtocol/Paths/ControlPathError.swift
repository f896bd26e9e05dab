internal import Vocabulary

/// Why an engine's name or socket path is invalid.
public enum ControlPathError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The name is not 1 to 32 of the allowed characters.
  case invalidName(String)
  /// The path is empty, is a directory's, or is too long for a socket.
  case invalidPath(String)

  /// The whole sentence.
  public var description: String {
    switch self {
    case .invalidName(let name):
      "\"\(UntrustedText.escaped(name))\" is no engine's name: wants 1 to 32 of a-z, 0-9 and -"
    case .invalidPath(let path):
      "\"\(FileName.shown(path, limit: 200))\" is no path of a socket: wants 1 to "
        + "\(ControlPath.maximumByteCount) bytes that name a file"
    }
  }
}
