import Dashboard
import EventLoop
import Glibc
import Vocabulary

/// The person's directory of settings: `$XDG_CONFIG_HOME/wstop`, else `~/.config/wstop`.
enum SettingsDirectory {
  /// What the person writes: theme, mouse, pace, keys.
  static let consoleFile = "console.conf"
  /// What the console writes: the arrangement of the session table.
  static let tableFile = "table.conf"

  /// The largest file that is read, in bytes.
  private static let maximumByteCount = 64 << 10

  /// What came of reading a file.
  enum Contents: Equatable {
    /// There is none.
    case missing
    /// Its text.
    case text(String)
    /// Why it cannot be read.
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

  /// Reads one of the files in a directory.
  static func read(_ name: String, in directory: String? = path()) -> Contents {
    guard let directory else { return .missing }
    let path = directory + "/" + name
    let owned: OwnedDescriptor
    do throws(RegularFile.Failure) {
      // People link their settings to where they keep them.
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

  /// Writes one of the files in a directory, which is made if it is missing; the file is replaced
  /// as a whole or stays as it was.
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

  /// Makes a directory and those above it.
  private static func make(_ directory: String) -> String? {
    var path = ""
    for part in FileName.names(in: directory) {
      path += "/" + part
      guard mkdir(FileName.cString(path), 0o700) != 0, errno != EEXIST else { continue }
      let number = errno
      var status = stat()
      // A directory above may be there and not be ours to make.
      if stat(FileName.cString(path), &status) == 0, status.st_mode & S_IFMT == S_IFDIR { continue }
      return reason("mkdir", number)
    }
    return nil
  }

  /// Where a file really is: a link, as people make them who keep their settings elsewhere, stays.
  private static func target(of path: String) -> String {
    guard let resolved = realpath(FileName.cString(path), nil) else { return path }
    defer { free(resolved) }
    return FileName.text(Array(UnsafeRawBufferPointer(start: resolved, count: strlen(resolved))))
  }

  private static func reason(_ call: String, _ number: Int32) -> String {
    SystemError(call: call, number: number).description
  }
}
