internal import Vocabulary

/// The paths of an engine's control socket, lock and log; computed without reading the file system.
///
/// A named engine's are in `$XDG_RUNTIME_DIR/wstop`, or in `/tmp/wstop-UID` without such a
/// directory: `ownDirectory`, which must be checked before it is trusted.
public struct ControlPath: Hashable, Sendable, CustomStringConvertible {
  /// The default name.
  public static let defaultName = "default"
  /// The most bytes of a socket's path: `sun_path` less its terminator.
  public static let maximumByteCount = 107

  /// The control socket.
  public let socket: String
  /// The directory that belongs to wstop alone and is made if missing; nil for a socket with a
  /// given path, whose directory is its owner's affair.
  public let ownDirectory: String?
  /// The engine's name; nil for a socket with a given path.
  public let name: String?

  /// The paths of a named engine.
  ///
  /// - Parameters:
  ///   - name: 1 to 32 of `a`–`z`, `0`–`9` and `-`.
  ///   - runtimeDirectory: The value of `XDG_RUNTIME_DIR`, if it is set; ignored if it is relative,
  ///     as the XDG Base Directory Specification has it.
  ///   - userID: The user that runs the engine.
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

  /// The paths of an engine with a given socket.
  ///
  /// - Throws: `ControlPathError`.
  public init(socket: String) throws(ControlPathError) {
    guard !socket.isEmpty, !socket.hasSuffix("/") else { throw .invalidPath(socket) }
    ownDirectory = nil
    name = nil
    self.socket = try Self.checked(socket)
  }

  /// The file that an engine locks for as long as it runs.
  public var lock: String { stem + ".lock" }

  /// The file that an engine in the background logs to.
  public var log: String { stem + ".log" }

  /// The file of the history beside a socket with a given path.
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
