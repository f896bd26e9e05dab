internal import Vocabulary

/// Where an engine's control socket, lock and log lie; computed only, nothing is looked at.
///
/// An engine with a name lies in `$XDG_RUNTIME_DIR/wstop`, or in `/tmp/wstop-UID` where there is
/// no such directory: one that belongs to wstop alone and must be checked before it is trusted.
public struct ControlPath: Hashable, Sendable, CustomStringConvertible {
  /// The name of an engine that was given none.
  public static let defaultName = "default"
  /// The most bytes of a socket's path: `sun_path` less its terminator.
  public static let maximumByteCount = 107

  /// The control socket.
  public let socket: String
  /// The directory that belongs to wstop alone and is made if missing; nil for a socket that was
  /// named by its path, whose directory is its owner's affair.
  public let ownDirectory: String?
  /// The engine's name; nil for a socket that was named by its path.
  public let name: String?

  /// The path of the engine with a name.
  ///
  /// - Parameters:
  ///   - name: 1 to 32 of `a`–`z`, `0`–`9` and `-`.
  ///   - runtimeDirectory: The value of `XDG_RUNTIME_DIR`, if it is set; one that is not absolute
  ///     counts as not set, as the XDG Base Directory Specification has it.
  ///   - userID: Who runs the engine.
  /// - Throws: `ControlPathError`.
  public init(
    name: String = defaultName, runtimeDirectory: String?, userID: UInt32
  ) throws(ControlPathError) {
    guard (1...32).contains(name.utf8.count), name.utf8.allSatisfy(Self.mayBeInName) else {
      throw .invalidName(name)
    }
    let base =
      if let runtimeDirectory, FileName.isAbsolute(runtimeDirectory) {
        runtimeDirectory + (runtimeDirectory.hasSuffix("/") ? "wstop" : "/wstop")
      } else {
        "/tmp/wstop-\(userID)"
      }
    ownDirectory = base
    self.name = name
    socket = try Self.checked("\(base)/\(name).sock")
  }

  /// The path of an engine whose socket is named.
  ///
  /// - Throws: `ControlPathError`.
  public init(socket: String) throws(ControlPathError) {
    guard !socket.isEmpty, !socket.hasSuffix("/") else { throw .invalidPath(socket) }
    ownDirectory = nil
    name = nil
    self.socket = try Self.checked(socket)
  }

  /// The file that an engine holds a lock on for as long as it lives.
  public var lock: String { stem + ".lock" }

  /// The file that an engine in the background logs to.
  public var log: String { stem + ".log" }

  /// The file beside the socket for the history of an engine whose socket was named by its path.
  public var history: String { stem + ".history" }

  /// The socket's path.
  public var description: String { socket }

  private var stem: String {
    socket.hasSuffix(".sock") ? String(socket.dropLast(5)) : socket
  }

  private static func checked(_ path: String) throws(ControlPathError) -> String {
    guard FileName.byteCount(path) <= maximumByteCount, !path.utf8.contains(0) else {
      throw .invalidPath(path)
    }
    return path
  }

  private static func mayBeInName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "-"):
      true
    default: false
    }
  }
}
