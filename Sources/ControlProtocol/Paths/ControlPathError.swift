internal import Vocabulary

/// Why an engine cannot have a name or lie at a path.
public enum ControlPathError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The name is not 1 to 32 of the characters that names have.
  case invalidName(String)
  /// The path is empty, names a directory, or is longer than a socket's path can be.
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
