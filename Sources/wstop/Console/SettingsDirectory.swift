import Dashboard
import EventLoop
import Glibc
import Vocabulary

/// The user's directory of settings: `$XDG_CONFIG_HOME/wstop`, else `~/.config/wstop`.
enum SettingsDirectory {
  /// The file that the user writes: theme, mouse, interval, keys.
  static let consoleFile = "console.conf"
  /// The file that the console writes: the arrangement of the session table.
  static let tableFile = "table.conf"

  /// The largest file that is read, in bytes.
  private static let maximumByteCount = 64 << 10

  /// The result of reading a file.
  enum Contents: Equatable {
    /// The file does not exist.
    case missing
    /// Its text.
    case text(String)
    /// The file cannot be read, for this reason.
    case unreadable(String)
  }

  /// The directory; nil without a home.
  ///
  /// A relative path in `XDG_CONFIG_HOME` counts as none, as the XDG Base Directory Specification
  /// demands.
  static func path(
    configuration: String? = Environment["XDG_CONFIG_HOME"], home: String? = Environment["HOME"]
  ) -> String? {
    if let configuration, FileName.isAbsolute(configuration) { return configuration + "/wstop" }
    if let home, FileName.isAbsolute(home) { return home + "/.config/wstop" }
    return nil
  }

  /// Reads a file of a directory.
  static func read(_ name: String, in directory: String? = path()) -> Contents {
    guard let directory else { return .missing }
    let path = directory + "/" + name
    let owned: OwnedDescriptor
    do throws(RegularFile.Failure) {
      // `followsLinks` is true, since people link their settings to where they keep them.
      owned = try RegularFile.open(path, for: .reading, followsLinks: true)
    } catch {
      return error.isMissing ? .missing : .unreadable(error.reason)
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 8192)
    while bytes.count <= maximumByteCount {
      var span = buffer.mutableSpan
      switch Syscalls.read(owned.number, into: &span) {
      case .bytes(let count): bytes += buffer[..<count]
      case .endOfStream:
        guard let text = String(validating: bytes, as: UTF8.self) else {
          return .unreadable("it is not UTF-8")
        }
        return .text(text)
      case .wouldBlock: return .unreadable("it is no regular file")
      case .failed(let number): return .unreadable(reason("read", number))
      }
    }
    return .unreadable("it has over \(maximumByteCount) bytes")
  }

  /// Writes a file of a directory, which is made if it is missing; the file is replaced as a whole
  /// or not at all.
  ///
  /// - Returns: why it could not be written, or nil.
  static func write(_ text: String, to name: String, in directory: String) -> String? {
    if let failure = make(directory) { return failure }
    do throws(RegularFile.Failure) {
      try RegularFile.replace(target(of: directory + "/" + name), with: Array(text.utf8))
      return nil
    } catch {
      return error.reason
    }
  }

  /// Makes a directory with its parents.
  private static func make(_ directory: String) -> String? {
    var path = ""
    for part in FileName.names(in: directory) {
      path += "/" + part
      guard mkdir(FileName.cString(path), 0o700) != 0, errno != EEXIST else { continue }
      let number = errno
      var status = stat()
      // `mkdir` may fail for a parent that exists and belongs to another user.
      if stat(FileName.cString(path), &status) == 0, status.st_mode & S_IFMT == S_IFDIR { continue }
      return reason("mkdir", number)
    }
    return nil
  }

  /// The target of a link, which is written through, since people keep their settings elsewhere.
  private static func target(of path: String) -> String {
    guard let resolved = realpath(FileName.cString(path), nil) else { return path }
    defer { free(resolved) }
    return FileName.text(Array(UnsafeRawBufferPointer(start: resolved, count: strlen(resolved))))
  }

  private static func reason(_ call: String, _ number: Int32) -> String {
    SystemError(call: call, number: number).description
  }
}
